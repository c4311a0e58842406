import { defineProgram } from '@goldstream/cli';
import { makeTools } from './host/make-tools.ts';
import { PROGRAM_VERSION } from './version.ts';

/** goldstream-receiver: every command is loaded when it is asked for. */
export const receiver = defineProgram({
  name: 'goldstream-receiver',
  version: PROGRAM_VERSION,
  summary: 'Run versions of an application from signed Btrfs send streams',
  examples: [
    'goldstream-receiver --app op-dbus prepare --key op-dbus.gpg --store dir:/srv/releases',
    'goldstream-receiver deploy v1.2.3',
    'goldstream-receiver upgrade v1.2.3 v1.3.0',
    'goldstream-receiver rollback',
    'goldstream-receiver status',
  ],
  globalOptions: {
    app: { type: 'string', placeholder: 'name', summary: 'which application (default: the only one configured)' },
    root: {
      type: 'string',
      placeholder: 'directory',
      default: '/',
      summary: 'all host paths lie below it; no daemon is called',
    },
  },
  commands: [
    {
      name: 'prepare',
      summary: 'Make this host ready: pool, directories, keyring, configuration',
      load: async () => (await import('./commands/prepare.ts')).prepare,
    },
    {
      name: 'receive',
      summary: 'Receive a version next to the active one, and nothing more',
      load: async () => (await import('./commands/receive.ts')).receive,
    },
  ],
  makeTools,
});
