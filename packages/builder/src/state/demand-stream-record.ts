import { BuilderError } from '../error.ts';
import { readRecord } from './record.ts';
import { type StreamRecord, streamRecord } from './records.ts';

/** The record of a stream that an earlier step made or found. @throws BuilderError `BUILDER_BAD_RECORD` */
export async function demandStreamRecord(path: string): Promise<StreamRecord> {
  const record = await readRecord(path, streamRecord);
  if (record !== undefined) return record;
  throw new BuilderError('BUILDER_BAD_RECORD', `${path} is gone, though its stream was just made or found`);
}
