/** A number from 0 up to, not including, `below`. */
export type Dice = (below: number) => number;

/** One of a list that is not empty. */
export function pick<Item>(items: readonly Item[], roll: Dice): Item {
  // It is not empty.
  return items[roll(items.length)] as Item;
}
