/** @module Two shares of counted calls against each other: an exact test, widened when trials differ by more than chance. */
import { lnGamma, studentTail } from './student.ts';
import type { Estimate } from './three-sided.ts';

/** So many of so many calls. */
export interface Share {
  readonly events: number;
  readonly of: number;
}

/** Two sides with one share per trial. */
export interface SharesTest {
  readonly base: Share;
  readonly candidate: Share;
  /** Candidate less base. */
  readonly estimate: Estimate;
  /** The probability of such a difference, or a larger one, if there is none. */
  readonly tail: number;
}

/**
 * Fisher's exact test of the sums, and a test that allows for calls of a trial that fail together: the variance of independent
 * calls, scaled by how much more the trials of a side differ (P. McCullagh and J. Nelder, "Generalized Linear Models", section
 * 4.5), with Student's distribution for how few trials that is known from. The larger of the two probabilities counts.
 *
 * The variance of the estimate is scaled in the same way. It is that of shares with one event and one other call added, without which the interval
 * of a few events is too narrow (A. Agresti, B. Caffo, "Simple and effective confidence intervals for proportions and differences of
 * proportions", The American Statistician 54(4), 2000). Where all calls of both sides ended alike, chance had no part in it: they
 * are the same.
 */
export function compareShares(base: readonly Share[], candidate: readonly Share[]): SharesTest {
  const [one, other] = [sumOf(base), sumOf(candidate)];
  const { scale, degrees } = dispersion([base, candidate]);
  const tail = Math.max(fisherTail(one, other), studentTail(score(one, other) / Math.sqrt(scale), degrees));
  const isAlike = [one, other].every(({ events }) => events === 0) || [one, other].every(isAll);
  const error = isAlike ? 0 : Math.sqrt(scale * (varianceOf(one) + varianceOf(other)));
  const mean = other.events / other.of - one.events / one.of;
  return { base: one, candidate: other, estimate: { mean, error, degrees }, tail };
}

const isAll = ({ events, of }: Share): boolean => events === of;

/** The variance of a share of independent calls, with one event and one other call more. */
function varianceOf({ events, of }: Share): number {
  const share = (events + 1) / (of + 2);
  return (share * (1 - share)) / (of + 2);
}

function sumOf(shares: readonly Share[]): Share {
  return shares.reduce((sum, { events, of }) => ({ events: sum.events + events, of: sum.of + of }), {
    events: 0,
    of: 0,
  });
}

/** So many degrees of freedom are added that show chance only. Without them three trials would be believed whatever they show. */
const PRIOR_DEGREES = 4;

/** How many times the variance of independent calls the trials show, by Pearson's statistic: at least 1. */
function dispersion(sides: readonly (readonly Share[])[]): {
  readonly scale: number;
  readonly degrees: number;
} {
  let [statistic, degrees] = [PRIOR_DEGREES, PRIOR_DEGREES];
  for (const trials of sides) {
    const { events, of } = sumOf(trials);
    if (events === 0 || events === of) continue;
    const share = events / of;
    for (const trial of trials) {
      const expected = trial.of * share;
      if (expected > 0) statistic += (trial.events - expected) ** 2 / (expected * (1 - share));
    }
    degrees += trials.length - 1;
  }
  return { scale: Math.max(1, statistic / degrees), degrees };
}

/** The difference of two shares in standard errors of independent calls. */
function score(one: Share, other: Share): number {
  const share = (one.events + other.events) / (one.of + other.of);
  const variance = share * (1 - share) * (1 / one.of + 1 / other.of);
  return variance === 0 ? 0 : Math.abs(one.events / one.of - other.events / other.of) / Math.sqrt(variance);
}

/**
 * Fisher's exact test, two-sided: twice the smaller of the two tails of the hypergeometric distribution (R. A. Fisher, "The Design
 * of Experiments", 1935).
 */
export function fisherTail(one: Share, other: Share): number {
  const events = one.events + other.events;
  const of = one.of + other.of;
  if (events === 0 || events === of) return 1;
  const isMore = one.events * other.of > other.events * one.of;
  // The tail away from what is expected: as many events as seen on the side with more, or more of them.
  const [more, fewer] = isMore ? [one, other] : [other, one];
  const lnTerm = lnChoose(more.of, more.events) + lnChoose(fewer.of, fewer.events) - lnChoose(of, events);
  let term = Math.exp(lnTerm);
  let tail = term;
  const last = Math.min(events, more.of);
  for (let k = more.events; k < last && term > tail * 1e-12; k += 1) {
    term *= ((more.of - k) * (events - k)) / ((k + 1) * (fewer.of - events + k + 1));
    tail += term;
  }
  return Math.min(1, 2 * tail);
}

/** The logarithm of the number of ways to choose `k` of `n`. */
const lnChoose = (n: number, k: number): number => lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
