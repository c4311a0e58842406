/** Counts what came of many tries, to be told as `212: 143 v1.0.0 runs, 69 v1.1.0 runs`. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  toString(): string {
    const counts = [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const all = counts.reduce((sum, [, count]) => sum + count, 0);
    return `${all}: ${counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`;
  }
}
