import { describe, expect, it } from 'vitest';
import { renderStatus } from './render-status.ts';
import type { DeploymentStatus, Status } from './status.ts';

const GIB = 1024 ** 3;
const pool = { path: '/var/lib/op-dbus', total: 16 * GIB, used: 1.2 * GIB, free: 14.5 * GIB };

const fresh: Status = {
  application: 'op-dbus',
  pool,
  active: null,
  previous: null,
  onTrial: null,
  others: [],
  versions: [],
  pins: [],
  blocked: [],
  trust: { keys: 0, channel: null },
  audit: null,
  attention: [],
};

describe('renderStatus', () => {
  it('shows what runs, what is here, and what is wrong', () => {
    const status: Status = {
      ...fresh,
      active: deployment({ number: 7, version: 'v1.3.0', since: '2026-11-22T03:12:59.123Z' }),
      previous: deployment({ number: 6, version: 'v1.2.9', mounted: false }),
      others: [deployment({ number: 5, version: 'v2.0.0-rc.1', state: 'bad', mounted: false })],
      versions: [
        received({
          version: 'v1.3.0',
          how: 'incremental from v1.2.9',
          deep: { at: '2026-11-21T03:00:00.000Z', ok: true, contentDigest: 'sha256:0' },
        }),
        received({ version: 'v1.2.9', pinned: true, drift: 'is writable, expected read-only' }),
        received({
          version: 'v1.2.0',
          how: 'by hand, unsigned',
          signed: false,
          deep: { at: '2026-11-21T03:01:00.000Z', ok: false, contentDigest: null },
        }),
      ],
      pins: ['v1.0.0', 'v1.2.9'],
      blocked: [{ version: 'v2.0.0-rc.1', reason: 'dbus-mcp.service did not become active' }],
      audit: { number: 42, sha256: 'a'.repeat(64) },
      attention: ['v1.4.0 is being received since 2026-11-22T04:00:00Z, or that was interrupted'],
    };
    expect(renderStatus(status)).toMatchInlineSnapshot(`
      "op-dbus  /var/lib/op-dbus: 14.5 GiB free, 1.2 GiB used of 16.0 GiB

      DEPLOYMENT     VERSION      STATE  SINCE
      0007 active    v1.3.0       good   2026-11-22 03:12 UTC  mounted
      0006 previous  v1.2.9       good   2026-11-20 10:00 UTC  not mounted
      0005           v2.0.0-rc.1  bad    2026-11-20 10:00 UTC  not mounted

      VERSION  RECEIVED              HOW                      VERIFIED DEEP                DRIFT
      v1.3.0   2026-11-20 09:59 UTC  incremental from v1.2.9  2026-11-21 03:00 UTC         none
      v1.2.9   2026-11-20 09:59 UTC  full                     never                        DRIFTED  pinned
      v1.2.0   2026-11-20 09:59 UTC  by hand, unsigned        FAILED 2026-11-21 03:01 UTC  none     unsigned

      pinned, and not here:
        v1.0.0

      blocked:
        v2.0.0-rc.1: dbus-mcp.service did not become active

      audit trail: 42 entries, head 42:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

      needs attention:
        v1.4.0 is being received since 2026-11-22T04:00:00Z, or that was interrupted
      "
    `);
  });

  it('tells which deployment is on trial, and that the active one is not mounted', () => {
    const trial = deployment({ number: 8, version: 'v1.4.0', state: 'trial', mounted: false });
    expect(renderStatus({ ...fresh, active: trial, onTrial: trial })).toMatchInlineSnapshot(`
      "op-dbus  /var/lib/op-dbus: 14.5 GiB free, 1.2 GiB used of 16.0 GiB

      DEPLOYMENT   VERSION  STATE     SINCE
      0008 active  v1.4.0   on trial  2026-11-20 10:00 UTC  not mounted
      "
    `);
  });

  it('is short where nothing was deployed yet', () => {
    expect(renderStatus(fresh)).toMatchInlineSnapshot(`
      "op-dbus  /var/lib/op-dbus: 14.5 GiB free, 1.2 GiB used of 16.0 GiB

      nothing is deployed
      "
    `);
  });
});

function deployment(differing: Partial<DeploymentStatus>): DeploymentStatus {
  return {
    number: 1,
    version: 'v1.0.0',
    state: 'good',
    since: '2026-11-20T10:00:00.000Z',
    mounted: true,
    ...differing,
  };
}

function received(differing: Partial<Status['versions'][number]>): Status['versions'][number] {
  const receivedAt = '2026-11-20T09:59:00.000Z';
  return {
    version: 'v1.0.0',
    how: 'full',
    receivedAt,
    signed: true,
    pinned: false,
    drift: null,
    deep: null,
    ...differing,
  };
}
