import { findSubvolume } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { giveFinalName } from '../receive/incoming.ts';
import { writeVersionRecord } from '../state/store-records.ts';
import type { NameReceived } from './step.ts';

/** Does what was left to do of a version that was proven: it is known by its UUID under either name. */
export async function nameReceived({ runner, layout, io }: Tools, { incoming, record }: NameReceived): Promise<void> {
  const final = layout.version(record.version);
  const [unnamed, named] = await Promise.all(
    [layout.incoming(incoming), final].map(async (path) => {
      const found = await findSubvolume(runner, path);
      return found?.uuid === record.subvolumeUuid ? found : undefined;
    }),
  );
  if (unnamed !== undefined) await giveFinalName(unnamed.path, final);
  else if (named === undefined) return io.warn(`${record.version} is gone: somebody else has taken it away`);
  await writeVersionRecord(layout, record);
}
