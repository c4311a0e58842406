/** What one look at a unit found. `because` is half a sentence that follows the unit's name. */
export type Look =
  | { readonly kind: 'well' }
  /** Neither well nor failing: systemd is at work on it. Only the deadline ends this. */
  | { readonly kind: 'waiting'; readonly because: string }
  | { readonly kind: 'failing'; readonly because: string }
  /** Failing, and nothing will change that by itself. */
  | { readonly kind: 'dead'; readonly because: string };
