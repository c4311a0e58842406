export { type Claim, claims } from './claims.ts';
export { ComponentError, type ComponentErrorCode } from './error.ts';
export type {
  ArchiveSource,
  BuildSource,
  DirectorySource,
  Golden,
  GoldenPolicy,
  ReleaseSettings,
  Source,
  SourceAttributes,
  SourceBase,
} from './golden.ts';
export type { HealthCheck, HealthRule, HealthTiming } from './health.ts';
export { type Location, renderLocation } from './location.ts';
export {
  type CleanupEntry,
  type ComponentManifest,
  type Dependency,
  FILE_TYPES,
  type FileEntry,
  type FileType,
  type Owner,
  type PersistEntry,
  RESTART_POLICIES,
  type RestartPolicy,
  type ServiceEntry,
  type VerifyEntry,
} from './manifest.ts';
export { nearestWord } from './nearest-word.ts';
export { orderComponents } from './order-components.ts';
export { parseGolden } from './parse-golden.ts';
export { parseComponentManifest } from './parse-manifest.ts';
export { type Persist, persists } from './persists.ts';
export { parseSize } from './size.ts';
export { splitWords, type Words } from './split-words.ts';
