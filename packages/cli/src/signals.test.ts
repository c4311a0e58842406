import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { stopSignals } from './signals.ts';

describe('stop signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s aborts once, and a second one is answered with words', (name) => {
    const source = new EventEmitter();
    const told: string[] = [];
    using stop = stopSignals(source, (line) => told.push(line));
    source.emit(name, name);
    source.emit('SIGINT', 'SIGINT');
    expect(stop.signal.reason).toMatchObject({ code: 'CLI_INTERRUPTED', message: `asked to stop by ${name}` });
    expect(told).toEqual([`${name}: stopping at the next safe point`, 'SIGINT: cleaning up already, please wait']);
  });

  it('are left to the process again afterwards', () => {
    const source = new EventEmitter();
    stopSignals(source, () => {})[Symbol.dispose]();
    expect(source.eventNames()).toEqual([]);
  });
});
