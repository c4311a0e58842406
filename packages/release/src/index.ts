export { assertNamed } from './assert-named.ts';
export { AssetDigester, type AssetDigests } from './asset-digester.ts';
export {
  assetPrefix,
  changesNames,
  fullAssetNames,
  incrementalAssetNames,
  isApplicationName,
  manifestName,
  SUMS_NAME,
  signatureName,
} from './asset-names.ts';
export {
  CHANNEL_BYTES_LIMIT,
  CHANNEL_FORMAT_VERSION,
  type Channel,
  type ChannelRelease,
  channelFileName,
  type Downgrade,
  isChannelName,
  type ReasonedVersion,
  type Rollout,
} from './channel.ts';
export { type AssumedTime, assumeNow, type ChannelTrust, type TrustEvent } from './channel-trust.ts';
export { chooseStream, encodedBytes, type HeldVersion, type StreamChoice } from './choose-stream.ts';
export { renderTime } from './document-time.ts';
export {
  type Advance,
  announceKeys,
  CHANNEL_DAYS,
  type Issue,
  type NewChannel,
  openChannel,
  renew,
  setCurrent,
  withdraw,
} from './edit-channel.ts';
export { type KeysChange, type KeysIssue, openKeys, rotateKeys } from './edit-keys.ts';
export { ReleaseError, type ReleaseErrorCode } from './error.ts';
export {
  explainReleases,
  type HostFacts,
  type NextRelease,
  nextRelease,
  type ReleaseExplanation,
} from './explain-releases.ts';
export { jsonSchemaOf, type PublishedDocument } from './json-schema.ts';
export {
  type ChannelJudgement,
  type HostSide,
  judgeChannel,
  type PresentedChannel,
  SEQUENCE_JUMP_LIMIT,
} from './judge-channel.ts';
export { judgeKey, judgeKeyring, type KeyObjection, type KeyringEntry } from './judge-key.ts';
export {
  judgeKeysDocument,
  type KeysDemand,
  type KeysJudgement,
  type PresentedKeys,
  type SignatureProof,
} from './judge-keys.ts';
export {
  assertTrusted,
  type JudgeOptions,
  judgeSignature,
  type KeyringListing,
  type SignatureJudgement,
  type Signer,
} from './judge-signature.ts';
export {
  type AnnouncedKey,
  KEYS_BYTES_LIMIT,
  type KeySet,
  type KeysDocument,
  keyringOf,
  keysFileName,
  type WithdrawnKey,
} from './keys-document.ts';
export { findWithheldKeys, type KeysPointer } from './keys-pointer.ts';
export { applicationId, machineIdFor } from './machine-id.ts';
export {
  ASSET_BYTES_LIMIT,
  type AssetEntry,
  CHUNK_BYTES,
  FORMAT_VERSION,
  type FullStream,
  type IncrementalStream,
  type Parent,
  type PolicyRequest,
  type ReleasedComponent,
  type ReleaseManifest,
  type Requirements,
  type Snapshot,
  type StreamEntry,
} from './manifest.ts';
export { describeObjection, type Objection } from './objection.ts';
export { parseChannel } from './parse-channel.ts';
export { type ListedKey, parseKeyListing } from './parse-key-listing.ts';
export { parseKeys } from './parse-keys.ts';
export { MANIFEST_BYTES_LIMIT, parseManifest } from './parse-manifest.ts';
export { promote } from './promote-channel.ts';
export { renderChannel } from './render-channel.ts';
export { renderKeys } from './render-keys.ts';
export { renderManifest } from './render-manifest.ts';
export { hostPlace, type PlaceOf, rolloutShare } from './rollout.ts';
export type { Sha256 } from './sha256.ts';
export { parseSums, renderSums, type SumEntry } from './sha256sums.ts';
export { compareVersions, isVersion, newest, parseVersion, sortVersions, type Version } from './version.ts';
