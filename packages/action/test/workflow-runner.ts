import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import type { GithubEmulator } from '@goldstream/testing';
import { bundleProgram } from '../../../scripts/lib/bundle-program.ts';

/** What a run of the action left, as a workflow and its readers see it. */
export interface ActionRun {
  readonly exitCode: number;
  /** Everything that was said. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** The place of workflows: each run is on a machine that nothing was done on before. */
export interface WorkflowRunner {
  /** As on a push of `tag`, with these inputs. */
  push(tag: string, inputs: Readonly<Record<string, string>>): Promise<ActionRun>;
}

const WRAPPER = fileURLToPath(new URL('with-own-var-lib.ts', import.meta.url));
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles the action as it is published, and gives back what runs it as GitHub's runner does. */
export async function workflowRunner(directory: string, github: GithubEmulator): Promise<WorkflowRunner> {
  const action = join(directory, 'action');
  await bundleProgram({
    main: at('../src/main.ts'),
    worker: at('../../transfer/src/pump-worker.ts'),
    outdir: action,
    conditions: ['source'],
  });
  let runs = 0;
  return {
    push: async (tag, inputs) => {
      runs += 1;
      const place = join(directory, `run-${runs}`);
      const [outputs, summary, event] = ['outputs', 'summary', 'event.json'].map((name) => join(place, name)) as [
        string,
        string,
        string,
      ];
      await mkdir(place, { recursive: true });
      for (const file of [outputs, summary]) await writeFile(file, '');
      await writeFile(event, JSON.stringify({ ref: `refs/tags/${tag}`, repository: { full_name: 'octo/app' } }));
      const asRunner = ['unshare', '--mount', process.execPath, '--conditions=source', WRAPPER] as const;
      const { exitCode, stdout, stderr } = await systemRunner.run(
        [...asRunner, process.execPath, join(action, 'main.js')],
        {
          accept: [0, 1],
          env: {
            ...github.env,
            GITHUB_TOKEN: '',
            GITHUB_TOKEN_FILE: '',
            GNUPGHOME: '',
            GITHUB_REPOSITORY: 'octo/app',
            GITHUB_REF: `refs/tags/${tag}`,
            GITHUB_EVENT_NAME: 'push',
            GITHUB_EVENT_PATH: event,
            GITHUB_OUTPUT: outputs,
            GITHUB_STEP_SUMMARY: summary,
            ...asInputs({ token: github.token, draft: 'false', 'dry-run': 'false', ...inputs }),
          },
        },
      );
      return {
        exitCode,
        log: stdout + stderr,
        outputs: readOutputs(await readFile(outputs, 'utf8')),
        summary: await readFile(summary, 'utf8'),
      };
    },
  };
}

/** The runner's own rule: upper case, blanks become underscores. */
function asInputs(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

/** `NAME<<DELIMITER`, the value, `DELIMITER`: how actions write outputs. */
function readOutputs(text: string): Record<string, string> {
  const found = [...text.matchAll(/^(?<name>[\w-]+)<<(?<mark>\S+)\n(?<value>[\s\S]*?)\n\k<mark>$/gm)];
  return Object.fromEntries(found.map(({ groups }) => [groups?.['name'] ?? '', groups?.['value'] ?? '']));
}
