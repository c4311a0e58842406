import { findSubvolume } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { giveFinalName } from '../receive/incoming.ts';
import { setAside } from '../repair/set-aside.ts';
import { writeVersionRecord } from '../state/store-records.ts';
import type { NameReceived } from './step.ts';

/** Does what was left to do of a version that was proven: it is known by its UUID under either name. */
export async function nameReceived(tools: Tools, { incoming, record, replaced }: NameReceived): Promise<void> {
  const { runner, layout, io } = tools;
  const final = layout.version(record.version);
  const [unnamed, named] = await Promise.all(
    [layout.incoming(incoming), final].map(async (path) => {
      const found = await findSubvolume(runner, path);
      return found?.uuid === record.subvolumeUuid ? found : undefined;
    }),
  );
  if (unnamed !== undefined) {
    if (replaced !== undefined) await setAside(tools, record.version, replaced);
    await giveFinalName(unnamed.path, final);
  }
  if (unnamed === undefined && named === undefined)
    return io.warn(`${record.version} is gone: somebody else has taken it away`);
  await writeVersionRecord(layout, record);
}
