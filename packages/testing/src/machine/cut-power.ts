import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '@goldstream/system';
import { type Moment, ORDERS, type Orders, type SeenMoment } from '../kill/moment.ts';
import type { SeenRun } from '../kill/run-with-orders.ts';
import { CHECKOUT, CHECKOUT_IN_HOST } from '../systemd/checkout.ts';
import type { CommandOptions } from '../systemd/commanded-host.ts';
import type { Machine } from './machine.ts';
import { SERIAL_LINE_IN_MACHINE } from './serial-line.ts';

const INSTRUMENT = relative(CHECKOUT, fileURLToPath(new URL('../kill/instrument.ts', import.meta.url)));
const EVERY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);
const JOURNAL = '/run/moments';

/** Runs a command of ours, a Node program, on a machine to its end and gives back its moments. */
export async function lookAtRunOn(machine: Machine, command: Command): Promise<SeenRun> {
  const orders = { run: 'looked-at', journal: JOURNAL };
  const ended = await machine.run(command, { ...withOrders(orders), accept: EVERY_EXIT_CODE });
  const { stdout } = await machine.run(['cat', JOURNAL]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  // Written by our own instrument.
  return { ended, moments: lines.map((line) => JSON.parse(line) as SeenMoment) };
}

/**
 * Runs a command of ours on a machine and cuts the power at a moment of it: the command is held there for good, so that
 * it does nothing more while its machine goes. Its children go on until then.
 * @throws TestingError `TESTING_HOST_FAILED` when the moment did not come
 */
export async function cutPowerAt(machine: Machine, command: Command, { step, operation }: Moment): Promise<void> {
  const orders: Orders = { run: 'cut', blow: 'hold', at: { step, operation }, tell: SERIAL_LINE_IN_MACHINE };
  await machine.hold(command, withOrders(orders));
  await machine.cutPower();
}

function withOrders(orders: Orders): CommandOptions {
  const instrument = `file://${CHECKOUT_IN_HOST}/${INSTRUMENT}`;
  return { env: { [ORDERS]: JSON.stringify(orders), NODE_OPTIONS: `--import=${instrument}` } };
}
