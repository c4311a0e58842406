import type { GoldenPolicy } from '@goldstream/component';
import type { Plan } from '@goldstream/plan';
import type { KeysPointer, Version } from '@goldstream/release';
import { showPrivilege, unlistedPrivileges } from '@goldstream/tree';
import { BuilderError } from '../error.ts';
import { describeSigners } from '../keys/describe-signers.ts';
import { planSend, type SendStep } from '../send/plan-send.ts';
import type { SnapshotRecord } from '../state/records.ts';
import type { ReleaseFacts } from './facts.ts';
import { changesSteps, type WriteChangesStep } from './plan-changes.ts';
import type { OfferRules } from './plan-offer.ts';

/** An incremental is worth offering below this share of the full stream. */
const OFFER_BELOW = 0.6;

/** What `release` can do beside sending. */
export type ReleaseStep =
  | SendStep
  | WriteChangesStep
  | {
      kind: 'write-manifest';
      says: string;
      application: string;
      version: Version;
      /** ISO 8601, UTC. */
      created: string;
      architecture: string;
      snapshot: SnapshotRecord;
      policy: GoldenPolicy;
      /** Records of the streams to choose from, the full one first. */
      records: readonly string[];
      rules: OfferRules;
      /** Names of further assets that SHA256SUMS lists and the manifest does not. */
      besides: readonly string[];
      /** Directory of the assets. */
      into: string;
      /** The newest keys document. */
      keys: KeysPointer | undefined;
      /** Fingerprints of the keys that sign. */
      signers: readonly string[];
    }
  | {
      kind: 'publish';
      says: string;
      version: Version;
      /** Names of the assets that the manifest does not list. */
      besides: readonly string[];
      from: string;
      storeUrl: string;
      /** Everything is brought there, and a person publishes it. */
      draft: boolean;
    };

/**
 * Sends what is missing, signs, and publishes last.
 * @throws BuilderError `BUILDER_RELEASED_OTHERWISE`, `BUILDER_UNLISTED_PRIVILEGE`
 */
export function planRelease(facts: ReleaseFacts): Plan<ReleaseStep> {
  const { send, storeUrl, draft, published, signers, keys, skipped, policy, now, architecture } = facts;
  const { layout, version, snapshot, wanted } = send;
  const goal = `release ${layout.application} ${version} in ${storeUrl}`;
  if (published !== undefined) {
    refuseOther(facts, published.manifest.snapshot.uuid);
    return { goal, notes: [`${storeUrl} has this very snapshot as ${version} already`], steps: [] };
  }
  refuseUnlisted(facts);
  const into = layout.assets(version);
  const changes = changesSteps(send);
  const besides = changes.flatMap(({ files }) => [files.json, files.markdown]);
  return {
    goal,
    notes: skipped.map((parent) => `no incremental from ${parent.version}: ${parent.reason}`),
    steps: [
      ...planSend(send).steps,
      ...changes,
      {
        kind: 'write-manifest',
        says: `write manifest and SHA256SUMS of ${version}, signed by ${describeSigners(signers)}`,
        application: layout.application,
        version,
        created: `${now.toISOString().slice(0, 19)}Z`,
        architecture,
        snapshot: snapshot.record,
        policy,
        records: wanted.map(({ parent }) => layout.streamRecord(version, parent?.record.version)),
        rules: { below: OFFER_BELOW },
        besides,
        into,
        keys,
        signers: signers.map(({ fingerprint }) => fingerprint),
      },
      {
        kind: 'publish',
        says: draft ? `leave a draft of ${version} in ${storeUrl}` : `publish ${version} in ${storeUrl}`,
        version,
        besides,
        from: into,
        storeUrl,
        draft,
      },
    ],
  };
}

function refuseOther({ send, storeUrl }: ReleaseFacts, published: string): void {
  const { version, snapshot } = send;
  if (published === snapshot.record.uuid) return;
  throw new BuilderError(
    'BUILDER_RELEASED_OTHERWISE',
    `${storeUrl} has ${version} of snapshot ${published}, the one here is ${snapshot.record.uuid}`,
    { hint: 'A published release never changes: make the next version.' },
  );
}

/** Findings named in a message; the rest is counted. */
const MOST_NAMED = 10;

/** What every host would refuse half-way through the stream is refused here, before it is published. */
function refuseUnlisted({ send: { snapshot }, policy, privileges }: ReleaseFacts): void {
  // The content digest covers the attributes that were listed when the snapshot was made.
  const unlisted = unlistedPrivileges(privileges, { ...policy, xattrs: snapshot.record.extraXattrs });
  if (unlisted.length === 0) return;
  const more = unlisted.length > MOST_NAMED ? ` and ${unlisted.length - MOST_NAMED} more` : '';
  throw new BuilderError(
    'BUILDER_UNLISTED_PRIVILEGE',
    `${snapshot.path} holds what the recipe does not ask hosts to allow: ${unlisted.slice(0, MOST_NAMED).map(showPrivilege).join(', ')}${more}`,
    {
      hint: 'List it under policy: in golden.yaml, or take it out of the recipe; a new attribute needs a new snapshot.',
    },
  );
}
