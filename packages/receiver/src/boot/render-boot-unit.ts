import { MOUNT_TEMPLATE, RECOVER_TEMPLATE } from './boot-units.ts';
import { parseCommandLine, renderCommandLine } from './render-command-line.ts';

/** A file of systemd's. */
export interface UnitFile {
  readonly name: string;
  readonly content: string;
}

/**
 * The two units that run the receiver at boot, for every application of a host.
 * @param program the words that start the receiver, the first an absolute path
 */
export function renderBootUnits(program: readonly string[]): readonly UnitFile[] {
  return [
    { name: MOUNT_TEMPLATE, content: renderMountService(program) },
    { name: RECOVER_TEMPLATE, content: renderRecoverService(program) },
  ];
}

/** The words that start the receiver in a unit of ours; undefined when it is none. */
export function programOf(content: string): readonly string[] | undefined {
  const words = parseCommandLine(/^ExecStart=(.*)$/m.exec(content)?.[1] ?? '');
  const own = words.slice(-4).join(' ');
  return /^--app %i boot (mount|recover)$/.test(own) ? words.slice(0, -4) : undefined;
}

/**
 * Before anything of the application can start: DefaultDependencies=no, because services wait for sysinit.target by
 * default and this runs before it. The pool's own mount unit is ordered by RequiresMountsFor=, which looks at prefixes
 * of paths. No sandbox here may make a mount namespace: what is mounted in one would be seen by nobody else.
 */
function renderMountService(program: readonly string[]): string {
  return unit({
    Unit: [
      'Description=Mount the active deployment of %i',
      'DefaultDependencies=no',
      'RequiresMountsFor=/var/lib/%i /var/lib/%i.btrfs',
      'After=local-fs.target',
      'Before=sysinit.target',
    ],
    Service: [
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=${renderCommandLine([...program, '--app', '%i', 'boot', 'mount'], ['%i'])}`,
      // A oneshot has no limit by default; without its deployment a host still has to come up.
      'TimeoutStartSec=10min',
      // Mounting needs no network, so it gets none.
      'RestrictAddressFamilies=AF_UNIX',
    ],
    Install: ['WantedBy=sysinit.target'],
  });
}

function renderRecoverService(program: readonly string[]): string {
  return unit({
    Unit: [
      'Description=Judge the deployment of %i that came up',
      'After=goldstream-mount@%i.service multi-user.target',
    ],
    Service: [
      'Type=oneshot',
      `ExecStart=${renderCommandLine([...program, '--app', '%i', 'boot', 'recover'], ['%i'])}`,
      'TimeoutStartSec=30min',
    ],
    Install: ['WantedBy=multi-user.target'],
  });
}

function unit(sections: Readonly<Record<string, readonly string[]>>): string {
  const texts = Object.entries(sections).map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`);
  return `# Written by goldstream-receiver prepare, which also brings it up to date.\n${texts.join('\n')}`;
}
