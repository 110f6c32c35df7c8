/** @module Ratios between clients of one round, because all clients of a round run under the same conditions. */

/** Several values of one figure. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The figure of each client in one round; a client that failed is missing. */
export type Round = Readonly<Record<string, number>>;

/** The spread of `values`; `undefined` for an empty list. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** `client` over `base`, divided round by round; rounds in which either is missing or zero are left out. */
export function ratioOf(rounds: readonly Round[], client: string, base: string): Spread | undefined {
  return spreadOf(
    rounds.flatMap((round) => {
      const [over, under] = [round[client], round[base]];
      return over === undefined || under === undefined || over <= 0 || under <= 0 ? [] : [over / under];
    }),
  );
}

/** `1.23 (1.20 .. 1.31)`. */
export function formatSpread(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return '';
  const { median, min, max } = spread;
  return `${median.toFixed(digits)} (${min.toFixed(digits)} .. ${max.toFixed(digits)})`;
}

/** `items` in the order of round `round`: every second round is reversed, so that no item is always first. */
export function orderOf<Item>(items: readonly Item[], round: number): readonly Item[] {
  return round % 2 === 0 ? items : [...items].reverse();
}
