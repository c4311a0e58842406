/** What `remove` left, for people: one line for each thing that was kept. */
export function renderRemoved({ kept }: { readonly kept: readonly string[] }): string {
  return kept.length === 0 ? 'nothing is left\n' : kept.map((one) => `kept: ${one}\n`).join('');
}
