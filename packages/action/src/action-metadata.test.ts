import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { readInputs } from './inputs.ts';
import { outputsOf } from './outputs.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const described = z.record(z.string(), z.object({ description: z.string() }));

const action = z.object({ inputs: described, outputs: described }).parse(parse(read('packages/action/action.yml')));
const callable = z
  .object({ on: z.object({ workflow_call: z.object({ inputs: described, secrets: described, outputs: described }) }) })
  .parse(parse(read('.github/workflows/release-golden.yml'))).on.workflow_call;

describe('action.yml', () => {
  it('has exactly the inputs that the action reads', () => {
    const asked: string[] = [];
    readInputs(
      {
        getInput: (name) => {
          asked.push(name);
          return name === 'version' ? 'v1.0.0' : 'something';
        },
        getBooleanInput: (name) => {
          asked.push(name);
          return false;
        },
        setSecret: () => {},
      },
      'refs/heads/main',
    );
    expect(asked.sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('has exactly the outputs that the action sets', () => {
    const outputs = outputsOf({ version: 'v1.0.0', manifestSha256: '0'.repeat(64), streams: [], deltas: [] });
    expect(Object.keys(outputs)).toEqual(Object.keys(action.outputs));
  });
});

describe('release-golden.yml', () => {
  it('takes every input of the action but the token, which is that of the run', () => {
    const own = ['goldstream', 'goldstream-ref', 'runner', 'attest'];
    const taken = Object.keys({ ...callable.inputs, ...callable.secrets }).filter((name) => !own.includes(name));
    expect([...taken, 'token'].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('gives every output of the action, and says the same of it', () => {
    const said = Object.entries(callable.outputs).map(([name, { description }]) => [name, { description }]);
    expect(Object.fromEntries(said)).toEqual(action.outputs);
  });
});

describe('docs/github.md', () => {
  it('has a line for every input and output of the action and of the reusable workflows', () => {
    const page = read('docs/github.md');
    const names = [action.inputs, action.outputs, callable.inputs, callable.secrets].flatMap(Object.keys);
    expect(names.filter((name) => !new RegExp(`^\\| \`${name}\``, 'm').test(page))).toEqual([]);
  });
});
