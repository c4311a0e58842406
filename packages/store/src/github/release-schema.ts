import * as z from 'zod';

/** What is used of an asset as the API shows it. Other fields are ignored: GitHub adds some every year. */
export const assetSchema = z.object({
  id: z.int(),
  name: z.string(),
  /** Bytes. */
  size: z.int().min(0),
  /** `uploaded`, or `starter` for what an upload left that came to nothing. */
  state: z.string(),
  /** `sha256:…` of what GitHub holds; servers before 2025 do not say. */
  digest: z.string().nullish(),
});

/** What is used of a release as the API shows it. */
export const releaseSchema = z.object({
  id: z.int(),
  tag_name: z.string(),
  draft: z.boolean(),
  body: z.string().nullish(),
  upload_url: z.string(),
  /** Of the page that people see. */
  html_url: z.string(),
  assets: z.array(assetSchema),
});

/** A file of a release. */
export type GithubAsset = z.infer<typeof assetSchema>;

/** A release, or a draft of one. */
export type GithubRelease = z.infer<typeof releaseSchema>;

/** SHA-256 that the API tells of an asset, lower-case hexadecimal; `undefined` where it tells none. */
export function sha256Of({ digest }: GithubAsset): string | undefined {
  return /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
}

/** Whether an asset is whole. */
export function isUploaded({ state }: GithubAsset): boolean {
  return state === 'uploaded';
}
