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
    wait: {
      type: 'integer',
      min: 0,
      max: 86_400,
      placeholder: 'seconds',
      default: '0',
      summary: 'how long another changing command is waited for',
    },
  },
  commands: [
    {
      name: 'status',
      summary: 'Show what runs, what is here, and what needs attention',
      load: async () => (await import('./commands/status.ts')).status,
    },
    {
      name: 'metrics',
      summary: 'Print what status says as metrics for Prometheus, or write them for node_exporter',
      load: async () => (await import('./commands/metrics.ts')).metrics,
    },
    {
      name: 'list',
      summary: 'List the versions of the store and of this host',
      load: async () => (await import('./commands/list.ts')).list,
    },
    {
      name: 'prepare',
      summary: 'Make this host ready: pool, directories, keyring, configuration',
      load: async () => (await import('./commands/prepare.ts')).prepare,
    },
    {
      name: 'check',
      summary: 'Look at everything a deployment needs, before one is tried',
      load: async () => (await import('./commands/check.ts')).check,
    },
    {
      name: 'deploy',
      summary: 'Run a version: receive it, mount it, connect it to the system, switch',
      load: async () => (await import('./commands/deploy.ts')).deploy,
    },
    {
      name: 'upgrade',
      summary: 'Go from the active version to a newer one',
      load: async () => (await import('./commands/upgrade.ts')).upgrade,
    },
    {
      name: 'rollback',
      summary: 'Go back to a version that was good on this host, at once',
      load: async () => (await import('./commands/rollback.ts')).rollback,
    },
    {
      name: 'verify',
      summary: 'Compare versions and the active deployment with what was recorded',
      load: async () => (await import('./commands/verify.ts')).verify,
    },
    {
      name: 'fetch',
      summary: 'Download and verify a version for later; continues where it was cut off',
      load: async () => (await import('./commands/fetch.ts')).fetch,
    },
    {
      name: 'receive',
      summary: 'Receive a version next to the active one, and nothing more',
      load: async () => (await import('./commands/receive.ts')).receive,
    },
    {
      name: 'mount',
      summary: 'Mount a version beside the active one, or the active one again',
      load: async () => (await import('./commands/mount.ts')).mount,
    },
    {
      name: 'unmount',
      summary: 'Unmount deployments; never lazily, never the active one unasked',
      load: async () => (await import('./commands/unmount.ts')).unmount,
    },
    {
      name: 'pin',
      summary: 'Keep a version, or a snapshot of a stage, from being pruned',
      load: async () => (await import('./commands/pin.ts')).pin,
    },
    {
      name: 'repair',
      summary: 'Receive a version again that is not what was released any more, and put it in its place',
      load: async () => (await import('./commands/repair.ts')).repair,
    },
    {
      name: 'recover',
      summary: 'Finish or undo what an interrupted command has left',
      load: async () => (await import('./commands/recover.ts')).recover,
    },
    {
      name: 'boot',
      summary: 'What the units do at each start of the host; not for people',
      load: async () => (await import('./commands/boot.ts')).boot,
    },
    {
      name: 'prune',
      summary: 'Remove versions, deployments and snapshots of stages that nobody needs; says why versions are kept',
      load: async () => (await import('./commands/prune.ts')).prune,
    },
    {
      name: 'overlay',
      summary: 'What was edited in the active deployment, and the way back to what was released',
      commands: [
        {
          name: 'list',
          summary: 'List what was edited, added and deleted in the active deployment',
          load: async () => (await import('./commands/overlay.ts')).overlayList,
        },
        {
          name: 'diff',
          summary: 'Show how edited files differ from those of the version',
          load: async () => (await import('./commands/overlay.ts')).overlayDiff,
        },
        {
          name: 'reset',
          summary: 'Take edits back: run the same version in a new deployment that lacks them',
          load: async () => (await import('./commands/overlay.ts')).overlayReset,
        },
      ],
    },
    {
      name: 'remove',
      summary: 'Give this host back as it was before prepare: everything that was placed on it goes',
      load: async () => (await import('./commands/remove.ts')).remove,
    },
    {
      name: 'backup',
      summary: 'What was kept of the state that all deployments share',
      commands: [
        {
          name: 'list',
          summary: 'List what was kept of the shared state when deployments were left',
          load: async () => (await import('./commands/backup.ts')).backupList,
        },
      ],
    },
    {
      name: 'keys',
      summary: 'See and change whose signatures this host believes',
      commands: [
        {
          name: 'list',
          summary: 'List whose signatures this host believes, and whose it does not, and why',
          load: async () => (await import('./commands/keys.ts')).keysList,
        },
        {
          name: 'add',
          summary: 'Add public keys to the keyring of this host’s operator, if they can sign releases',
          load: async () => (await import('./commands/keys.ts')).keysAdd,
        },
        {
          name: 'remove',
          summary: 'Believe a key no longer, whatever keys documents say',
          load: async () => (await import('./commands/keys.ts')).keysRemove,
        },
      ],
    },
    {
      name: 'stage',
      summary: 'Stages: components of a recipe on this host, each deployed and rolled back by itself',
      commands: [
        {
          name: 'init',
          summary: 'Make the staging subvolume, and one for each stage of the recipe',
          load: async () => (await import('./commands/stage.ts')).stageInit,
        },
        {
          name: 'list',
          summary: 'List every stage of the recipe and of this host, and how it is',
          load: async () => (await import('./commands/stage.ts')).stageList,
        },
        {
          name: 'deploy',
          summary: 'Build stages into their subvolumes and connect them to the system; a failure puts everything back',
          load: async () => (await import('./commands/stage.ts')).stageDeploy,
        },
        {
          name: 'snapshots',
          summary: 'List the snapshots of stages: their sizes, their times, what they belong to',
          load: async () => (await import('./commands/stage.ts')).stageSnapshots,
        },
        {
          name: 'rollback',
          summary: 'Go back to how a stage was before it was deployed, or to a snapshot; other stages are not touched',
          load: async () => (await import('./commands/stage.ts')).stageRollback,
        },
        {
          name: 'verify',
          summary: 'Look whether stages work as they were deployed; exit code 8 when one does not',
          load: async () => (await import('./commands/stage.ts')).stageVerify,
        },
      ],
    },
    {
      name: 'audit',
      summary: 'What was done on this host, and whether the record of it is whole',
      commands: [
        {
          name: 'show',
          summary: 'Show what was done on this host, by whom, and how it ended',
          load: async () => (await import('./commands/audit.ts')).auditShow,
        },
        {
          name: 'verify',
          summary: 'Find what was changed, removed, inserted or cut off the audit trail',
          load: async () => (await import('./commands/audit.ts')).auditVerify,
        },
        {
          name: 'export',
          summary: 'Copy the audit trail as it is, to be kept and verified elsewhere',
          load: async () => (await import('./commands/audit.ts')).auditExport,
        },
      ],
    },
  ],
  makeTools,
});
