import { join } from 'node:path';
import { renderJson } from '@goldstream/cli';
import type { Handlers } from '@goldstream/plan';
import { writeDurably } from '@goldstream/system';
import { changesDocument } from '../diff/changes-document.ts';
import { readChanges } from '../diff/read-changes.ts';
import { renderTotals } from '../diff/render-changes.ts';
import { renderChangesMarkdown } from '../diff/render-changes-markdown.ts';
import { openFiles, withRawStream } from '../inspect/open-stream.ts';
import { demandStreamRecord } from '../state/demand-stream-record.ts';
import type { Tools } from '../tools.ts';
import type { WriteChangesStep } from './plan-changes.ts';

/** How the changes of a version are written: read off the very stream that hosts get. */
export function changesHandlers({ runner, io, streams }: Tools): Handlers<WriteChangesStep> {
  return {
    'write-changes': async ({ application, version, parent, record, into, files }) => {
      const { stream } = await demandStreamRecord(record);
      const assets = stream.assets.map(({ name }) => join(into, name));
      const compressed = openFiles(assets, streams);
      const { head, changes } = await withRawStream(runner, compressed, io.signal, readChanges);
      const document = changesDocument(head, changes, { application, parentVersion: parent });
      await writeDurably(join(into, files.json), renderJson(document));
      await writeDurably(join(into, files.markdown), renderChangesMarkdown(document));
      io.say(`${version} from ${parent}: ${renderTotals(document.totals)}`);
    },
  };
}
