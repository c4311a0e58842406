import { nearestWord } from '@goldstream/component';
import { ReceiverError } from '../error.ts';

/** A stage as people name it. */
export interface NamedStage {
  /** Its folder: `stage-3-numa-cache`. */
  readonly name: string;
  /** What its manifest says; undefined where there is none to be read. */
  readonly number: number | undefined;
}

/**
 * The stages that words mean: the full name, `stage-3` or `3`. In the order of `stages`, each once.
 * @throws ReceiverError `STAGE_UNKNOWN` with the nearest name
 */
export function chooseStages<Stage extends NamedStage>(
  words: readonly string[],
  stages: readonly Stage[],
): readonly Stage[] {
  const chosen = new Set(words.map((word) => chooseStage(word, stages)));
  return stages.filter((stage) => chosen.has(stage));
}

/** The one stage that a word means. @throws ReceiverError `STAGE_UNKNOWN` */
export function chooseStage<Stage extends NamedStage>(word: string, stages: readonly Stage[]): Stage {
  const byName = stages.find(({ name }) => name === word);
  if (byName !== undefined) return byName;
  const number = /^(?:stage-)?(\d{1,6})$/.exec(word)?.[1];
  const numbered = stages.filter((stage) => number !== undefined && stage.number === Number(number));
  if (numbered[0] !== undefined && numbered.length === 1) return numbered[0];
  throw unknown(word, numbered.length > 1 ? numbered : stages);
}

function unknown(word: string, stages: readonly NamedStage[]): ReceiverError {
  const names = stages.map(({ name }) => name);
  const near = nearestWord(word, names) ?? names.find((name) => name.endsWith(`-${word}`));
  const those = names.length === 0 ? 'there is none' : `expected one of ${names.join(', ')}`;
  return new ReceiverError('STAGE_UNKNOWN', `“${word}” is no stage, ${those}`, {
    hint: near === undefined ? 'Look at `goldstream-receiver stage list`.' : `Write ${near}, if that is meant.`,
  });
}
