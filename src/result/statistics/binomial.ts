/** @module The tail of the binomial distribution for a handful of trials. */

/** The probability of `successes` or more in `trials` independent trials, each with probability `share`. For small numbers of trials: it adds up the terms. */
export function binomialTail(successes: number, trials: number, share: number): number {
  if (successes <= 0) return 1;
  let choices = 1;
  let tail = 0;
  for (let failures = 0; failures <= trials - successes; failures += 1) {
    tail += choices * share ** (trials - failures) * (1 - share) ** failures;
    choices *= (trials - failures) / (failures + 1);
  }
  return tail;
}
