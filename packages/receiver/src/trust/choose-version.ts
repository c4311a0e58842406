import { assumeNow, type Channel, explainReleases, newest, nextRelease, type Version } from '@goldstream/release';
import { newestVersion } from '@goldstream/store';
import { ReceiverError } from '../error.ts';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { type Sources, storeOf } from '../receive/find-release.ts';
import { believe, readKeptBelief, tryToBelieve } from './belief.ts';
import { gatherRollout } from './rollout-facts.ts';

/** Which version this host takes when none is named, or why it stays where it is. */
export type Choice =
  | {
      readonly kind: 'take';
      readonly version: Version;
      /** Older than what is active, by a signed downgrade. */
      readonly goesBack: boolean;
      readonly because: string | undefined;
    }
  | { readonly kind: 'stay'; readonly because: string };

/**
 * The version that the channel leads this host to; without a channel, the newest of the store. Never one that failed
 * here or was rolled back from.
 * @throws those of `believe` and of listing a store; ReceiverError `DEPLOY_NO_SUCH_VERSION`
 */
export async function chooseVersion(tools: Tools, host: HostFacts, sources: Sources): Promise<Choice> {
  const store = storeOf(tools, sources);
  const { channel: accepted } = await believe(tools, store);
  if (accepted === undefined) return newestInStore(tools, host, sources);
  const active = host.active?.version;
  const { channel, now } = accepted;
  const next = nextRelease(channel, await gatherRollout(tools.layout, { active, now }));
  if (next.kind === 'stay') return { kind: 'stay', because: next.reason };
  const blocked = host.blocked.get(next.version);
  if (blocked !== undefined) return { kind: 'stay', because: `${next.version} is blocked: ${blocked}` };
  const { version, reason: because } = next;
  return { kind: 'take', version, because, goesBack: isSignedDowngrade(channel, version) };
}

/** What the channel says to a version that an operator names. */
export interface NamedVersion {
  /** Older than what is active, by a signed downgrade. */
  readonly goesBack: boolean;
}

/**
 * Whether a version may be deployed because it was named: a rollout does not hold it back, a barrier does. What is here
 * already is judged by the channel that was accepted last, so that no store is needed for it.
 * @throws ReceiverError `DEPLOY_BEHIND_BARRIER`
 */
export async function judgeNamed(
  tools: Tools,
  host: HostFacts,
  { version, sources }: { readonly version: Version; readonly sources: Sources },
): Promise<NamedVersion> {
  const known = await knownChannel(tools, host, version, sources);
  if (known === undefined) return { goesBack: false };
  const { channel, now } = known;
  const active = host.active?.version;
  const explained = explainReleases(channel, await gatherRollout(tools.layout, { active, now }));
  const { kind, reason } = explained.find((one) => one.version === version) ?? {};
  if (kind !== 'behind-barrier') return { goesBack: kind === 'offered' && isSignedDowngrade(channel, version) };
  const barrier = explained.find((one) => one.kind === 'offered')?.version;
  throw new ReceiverError('DEPLOY_BEHIND_BARRIER', `${version} cannot follow on ${active} directly: ${reason}`, {
    hint: `Run goldstream-receiver upgrade ${barrier ?? ''}, and then ${version}.`,
  });
}

async function knownChannel(tools: Tools, host: HostFacts, version: Version, sources: Sources) {
  if (tools.config.channel === undefined) return undefined;
  const isHere = receivedVersions(host).some((record) => record.version === version);
  if (!isHere && (sources.store ?? tools.config.store) !== undefined) {
    const asked = await tryToBelieve(tools, storeOf(tools, sources));
    // What refused it, refuses the release too, unless that was fetched before.
    if ('channel' in asked) return asked.channel;
  }
  const { channel: kept } = await readKeptBelief(tools);
  return kept && { channel: kept.channel, now: assumeNow(tools.now(), kept.trust).now };
}

function isSignedDowngrade({ current, downgrade }: Channel, version: Version): boolean {
  return downgrade !== undefined && version === current;
}

async function newestInStore(tools: Tools, { blocked }: HostFacts, sources: Sources): Promise<Choice> {
  const store = storeOf(tools, sources);
  const offered = await store.listVersions();
  const version = newest(offered.filter((candidate) => !blocked.has(candidate)));
  if (version !== undefined) return { kind: 'take', version, goesBack: false, because: undefined };
  // An empty store is another matter: `STORE_EMPTY`.
  await newestVersion(store);
  const reasons = [...blocked].map(([name, reason]) => `${name} (${reason})`).join(', ');
  throw new ReceiverError('DEPLOY_NO_SUCH_VERSION', `${store.url} offers nothing but ${reasons}`, {
    hint: 'Name a blocked version to deploy it all the same.',
  });
}
