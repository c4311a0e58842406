import { noProgress } from '@goldstream/cli';
import { executePlan } from '@goldstream/plan';
import { parseVersion } from '@goldstream/release';
import { exclusively } from '../src/host/exclusively.ts';
import { makeTools } from '../src/host/make-tools.ts';
import type { Tools } from '../src/host/tools.ts';
import { gatherReceive } from '../src/receive/facts.ts';
import { planReceive } from '../src/receive/plan-receive.ts';
import { receiveHandlers } from '../src/receive/receive-handlers.ts';
import type { TargetHost } from './target-host.ts';

/** The tools of one run on a host, for tests that run a command too often to start a process each time. */
export async function toolsOf(
  { root, layout }: TargetHost,
  onBytes: (bytes: number) => void = () => {},
): Promise<Tools> {
  const { signal } = new AbortController();
  const progress = { ...noProgress, advance: onBytes };
  const io = { say: () => {}, warn: () => {}, progress, signal, now: () => performance.now() };
  return makeTools({ app: layout.application, root, wait: 0 }, io);
}

/** What `receive VERSION` does. */
export async function receiveInProcess(tools: Tools, name: string): Promise<void> {
  await exclusively(tools, async () => {
    const facts = await gatherReceive(tools, parseVersion(name), {});
    await executePlan(planReceive(facts, { allowUnsigned: false }), receiveHandlers(tools));
  });
}
