/** What a draft says of itself, so that a later run knows what is in it. */
export interface DraftMark {
  readonly application: string;
  /** UUID of the snapshot whose streams are in it: another one's must never come among them. */
  readonly snapshot: string;
}

/** Not shown to readers of the page. */
const MARK = /^<!-- goldstream: ([a-z][a-z0-9-]*) of snapshot ([0-9a-f-]{36}) -->$/m;

/** The text of a release's page, which begins with the mark. */
export function renderDraftBody({ application, snapshot }: DraftMark): string {
  return `<!-- goldstream: ${application} of snapshot ${snapshot} -->
Btrfs send streams of ${application}. \`goldstream-receiver\` verifies and deploys them; without it:
\`gpgv SHA256SUMS.asc SHA256SUMS && sha256sum --check --ignore-missing SHA256SUMS\`, then
\`zstd -dc STREAM | btrfs receive DIRECTORY\`.
`;
}

/** Whose draft it is; `undefined`: not one of ours. */
export function parseDraftBody(body: string | null | undefined): DraftMark | undefined {
  const [, application, snapshot] = MARK.exec(body ?? '') ?? [];
  return application === undefined || snapshot === undefined ? undefined : { application, snapshot };
}
