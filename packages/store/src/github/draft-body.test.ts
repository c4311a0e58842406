import { describe, expect, it } from 'vitest';
import { parseDraftBody, renderDraftBody } from './draft-body.ts';

const MARK = { application: 'op-dbus', snapshot: '11111111-1111-4111-8111-111111111111' };

describe('the text of a draft', () => {
  it('says whose streams are in it, also after somebody has edited the page', () => {
    const body = renderDraftBody(MARK);
    expect(parseDraftBody(body)).toEqual(MARK);
    expect(parseDraftBody(`What is new\r\n\r\n${body.replaceAll('\n', '\r\n')}`)).toEqual(MARK);
  });

  it.each([null, undefined, '', 'by hand', '<!-- goldstream: op-dbus of snapshot none -->'])(
    'of %j is not ours',
    (body) => {
      expect(parseDraftBody(body)).toBeUndefined();
    },
  );
});
