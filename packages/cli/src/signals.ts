import { CliError } from './error.ts';

/** The signals that ask a program to stop. */
const STOP = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The part of `process` that delivers signals. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** Listening until disposed. */
export interface StopSignals extends Disposable {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort. No signal ends the program by force: what is half done is
 * cleaned up first, and a second one is answered with words.
 * @param tell where that is said
 */
export function stopSignals(source: SignalSource, tell: (line: string) => void): StopSignals {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) return tell(`${name}: cleaning up already, please wait`);
    tell(`${name}: stopping at the next safe point`);
    controller.abort(
      new CliError('CLI_INTERRUPTED', `asked to stop by ${name}`, { hint: 'Run the same command again to continue.' }),
    );
  };
  for (const name of STOP) source.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of STOP) source.off(name, onSignal);
    },
  };
}
