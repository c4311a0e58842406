/** The header fields that are read here. */
export interface ValidatorHeaders {
  readonly etag?: string | undefined;
  readonly 'last-modified'?: string | undefined;
}

/** What tells that a file is still the same one: its validators (RFC 9110, section 8.8) and its size. */
export interface Identity {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Bytes of the whole file. */
  readonly total: number | undefined;
}

/** Reads the validators of an answer. */
export function identityOf({ etag, 'last-modified': lastModified }: ValidatorHeaders, total?: number): Identity {
  return { etag, lastModified, total };
}

/** How a later answer shows that the file was replaced; `undefined` when it does not. */
export function findChange(before: Identity, now: Identity): string | undefined {
  const differs = (key: keyof Identity) =>
    before[key] !== undefined && now[key] !== undefined && before[key] !== now[key];
  if (differs('total')) return `${now.total} bytes instead of ${before.total}`;
  if (differs('etag')) return `ETag ${now.etag} instead of ${before.etag}`;
  // A copy on another machine may have its own date; an equal ETag says more.
  if (before.etag === undefined && differs('lastModified')) {
    return `modified on ${now.lastModified} instead of ${before.lastModified}`;
  }
  return undefined;
}

/** The value of `If-Range`: only a strong validator may stand there (RFC 9110, section 13.1.5). */
export function strongValidator({ etag, lastModified }: Identity): string | undefined {
  if (etag === undefined) return lastModified;
  return etag.startsWith('W/') ? undefined : etag;
}
