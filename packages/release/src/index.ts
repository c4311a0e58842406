export { AssetDigester, type AssetDigests } from './asset-digester.ts';
export {
  assetPrefix,
  fullAssetNames,
  incrementalAssetNames,
  isApplicationName,
  manifestName,
  SUMS_NAME,
  signatureName,
} from './asset-names.ts';
export { chooseStream, encodedBytes, type HeldVersion, type StreamChoice } from './choose-stream.ts';
export { ReleaseError, type ReleaseErrorCode } from './error.ts';
export {
  assertTrusted,
  type JudgeOptions,
  judgeSignature,
  type Objection,
  type SignatureJudgement,
  type Signer,
} from './judge-signature.ts';
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
  type Sha256,
  type Snapshot,
  type StreamEntry,
} from './manifest.ts';
export { MANIFEST_BYTES_LIMIT, parseManifest } from './parse-manifest.ts';
export { renderManifest } from './render-manifest.ts';
export { parseSums, renderSums, type SumEntry } from './sha256sums.ts';
export { compareVersions, isVersion, newest, parseVersion, sortVersions, type Version } from './version.ts';
