export { type ContentDigest, type ContentDigestOptions, contentDigest } from './digest/content-digest.ts';
export { digestOfEntries } from './digest/digest-of-entries.ts';
export { renderEntry } from './digest/render-entry.ts';
export { TreeError, type TreeErrorCode } from './error.ts';
export {
  joinPath,
  type PathBytes,
  parentOf,
  pathFromBytes,
  pathFromText,
  pathToBuffer,
  ROOT,
  showPath,
} from './path-bytes.ts';
export { gatherPrivileges } from './policy/gather-privileges.ts';
export { type Privilege, showPrivilege, unlistedPrivileges } from './policy/privilege.ts';
export { findComponents, type TreeComponent } from './recipe/find-components.ts';
export { type DesiredTree, gatherRecipe, type RecipeTools } from './recipe/gather-recipe.ts';
export type { ArchiveSource, BuildSource, DirectorySource, TreeSource } from './recipe/source.ts';
export { treeSources } from './recipe/tree-sources.ts';
export { isReleasedXattr } from './released-xattrs.ts';
export type {
  Attributes,
  ChannelEntry,
  DeviceEntry,
  DirectoryEntry,
  FileEntry,
  HardLinkEntry,
  Inode,
  StoredFile,
  SymlinkEntry,
  Tree,
  TreeEntry,
  TreeProgress,
} from './tree.ts';
export { type Comparison, compareContents, type KeptInode } from './update/compare-contents.ts';
export { type Aspect, diffTrees, type TreeDifference } from './update/diff-trees.ts';
export { type ActualTree, gatherTree } from './update/gather-tree.ts';
export { planUpdate } from './update/plan-update.ts';
export type { BlockRange, TreeStep, XattrStepChange } from './update/step.ts';
export { treeHandlers } from './update/tree-handlers.ts';
export { inodeOf } from './walk/inode-of.ts';
