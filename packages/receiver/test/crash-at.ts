import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKOUT_IN_HOST, eventually } from '@goldstream/testing';
import { IN_HOST, type SystemdTarget } from './systemd-target.ts';

const HOLD_FILE = '/srv/held';
const PRELOADED = `file://${CHECKOUT_IN_HOST}/packages/receiver/test/hold-at-main.ts`;
const EVERY_EXIT_CODE = [...Array(256).keys()];

/** A step by the words that it is announced with, and whether it shall be done or not. */
export type Step = { readonly before: string } | { readonly after: string };

/**
 * Kills everything on a host at a step of a command: neither the command nor a service sees it coming. The host is down
 * afterwards.
 */
export async function crashAt({ host }: SystemdTarget, step: Step, ...args: readonly string[]): Promise<void> {
  const held = join(host.root, HOLD_FILE);
  const orders = 'before' in step ? { HOLD_AT: step.before } : { HOLD_AT: step.after, HOLD_AFTER: '1' };
  const env = { ...orders, HOLD_FILE, NODE_OPTIONS: `--import=${PRELOADED}` };
  const over = new AbortController();
  const ended = host.run([...IN_HOST, ...args], { env, accept: EVERY_EXIT_CODE }).then(
    ({ exitCode, stderr }) =>
      over.abort(new Error(`${args.join(' ')} was not held: ended with ${exitCode}, ${stderr}`)),
    (error: unknown) => over.abort(error),
  );
  const isHeld = () =>
    access(held).then(
      () => true as const,
      () => undefined,
    );
  await eventually(`${args.join(' ')} is held`, isHeld, over.signal);
  await host.crash();
  await ended;
  await rm(held);
}
