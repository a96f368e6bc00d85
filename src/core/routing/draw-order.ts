import type { Random } from '../ports/random.ts';

export interface Weighted<Item> {
  item: Item;
  /** How often it comes first among those with a weight; absent for one that only steps in after them, in its order. */
  weight?: number;
}

/** Those with weights in an order that is drawn anew each time, then the others as they stand. */
export function drawOrder<Item>(choices: readonly Weighted<Item>[], random: Random): Item[] {
  const left = choices.filter(({ weight }) => weight !== undefined);
  const order: Item[] = [];
  while (left.length > 0) {
    let point = random.fraction() * left.reduce((sum, { weight = 0 }) => sum + weight, 0);
    const drawn = left.findIndex(({ weight = 0 }) => {
      point -= weight;
      return point < 0;
    });
    for (const { item } of left.splice(Math.max(0, drawn), 1)) order.push(item);
  }
  for (const { item, weight } of choices) if (weight === undefined) order.push(item);
  return order;
}
