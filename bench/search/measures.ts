/** What each product deserves for a query, by SKU: 1 to 3. A product that is not named deserves 0. */
export type Grades = ReadonlyMap<string, number>;

/** From this grade on a product is one that the shopper would take. */
export const RELEVANT = 2;

export interface Measures {
  readonly ndcg: number;
  readonly recall: number;
  readonly reciprocalRank: number;
}

/** Of one query, of what was found for it: SKUs, best first, each once. All three lie between 0 and 1. */
export function measure(found: readonly string[], grades: Grades): Measures {
  return {
    ndcg: ndcg(found, grades, 10),
    recall: recall(found, grades, 20),
    reciprocalRank: reciprocalRank(found, grades),
  };
}

/** Gain 2^grade - 1, discount log2(place + 1), of the best order that there can be; Burges et al., ICML 2005. */
export function ndcg(found: readonly string[], grades: Grades, depth: number): number {
  const best = [...grades.values()].toSorted((one, other) => other - one);
  const won = found.map((sku) => grades.get(sku) ?? 0);
  return discounted(won.slice(0, depth)) / discounted(best.slice(0, depth));
}

/** Of the products of grade `RELEVANT` and above, the share among the first `depth`. */
export function recall(found: readonly string[], grades: Grades, depth: number): number {
  const wanted = [...grades.values()].filter((grade) => grade >= RELEVANT).length;
  return found.slice(0, depth).filter((sku) => (grades.get(sku) ?? 0) >= RELEVANT).length / wanted;
}

/** 1 / place of the first product of grade `RELEVANT` or above; 0 where there is none. */
export function reciprocalRank(found: readonly string[], grades: Grades): number {
  const place = found.findIndex((sku) => (grades.get(sku) ?? 0) >= RELEVANT);
  return place === -1 ? 0 : 1 / (place + 1);
}

function discounted(grades: readonly number[]): number {
  return grades.reduce((sum, grade, index) => sum + (2 ** grade - 1) / Math.log2(index + 2), 0);
}
