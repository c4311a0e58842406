export type { Attribute } from './attribute.ts';
export type { Timespec } from './attribute-value.ts';
export type {
  ChangedMetadata,
  ChangedObject,
  Changes,
  ContentChange,
  CreatedObject,
  LinkedName,
  MetadataChange,
  RemovedObject,
  RenamedObject,
} from './changes/change.ts';
export { ChangeCollector } from './changes/change-collector.ts';
export type { Finding, FindingKind } from './changes/finding.ts';
export type { LargePath } from './changes/list-largest.ts';
export type { ObjectType } from './changes/object-facts.ts';
export { pathText } from './changes/path-text.ts';
export type { Command, CommandFields, CommandFrame, CommandOf, NewCommand, UnknownCommand } from './command.ts';
export { CommandReader } from './command-reader.ts';
export { crc32c } from './crc32c/crc32c.ts';
export { displayPath } from './display-path.ts';
export { type Advice, adviseOn, type Cause } from './doctor/advice.ts';
export type { OpenContent, SnapshotContents } from './doctor/contents.ts';
export type { Delta } from './doctor/delta.ts';
export { collectDelta } from './doctor/delta-collector.ts';
export type { Examination, ExaminedFile, FileManner } from './doctor/examination.ts';
export { examineDelta } from './doctor/examine-delta.ts';
export { Dumper } from './dump/dumper.ts';
export type { DumpStyle } from './dump/render-fields.ts';
export { SendStreamError, type SendStreamErrorCode } from './error.ts';
export type { GuardExpectation } from './guard/expectation.ts';
export { createGuard, type Guard } from './guard/guard.ts';
export type { GuardPolicy } from './guard/policy.ts';
export { isAllowedXattr } from './guard/xattr-policy.ts';
export type { Entry } from './namespace/entry.ts';
export type { NameState } from './namespace/name-state.ts';
export { Namespace } from './namespace/namespace.ts';
export type { NodeKind } from './namespace/node-kind.ts';
export { type ParentLookup, type ParentObject, UNSEEN_PARENT } from './namespace/parent-lookup.ts';
export { ATTRIBUTE, type AttributeName, COMMAND, type CommandName } from './protocol.ts';
export { readCommands } from './read-commands.ts';
export { HeadReader, type StreamHead } from './stream-head.ts';
export { type CommandTotals, type StreamSummary, Summarizer, summarizeStream } from './summary.ts';
export { SubvolumeRenamer } from './transform/subvolume-renamer.ts';
export { encodeCommand, reencodeCommand } from './write/encode-command.ts';
export { encodeStreamHeader } from './write/encode-stream-header.ts';
