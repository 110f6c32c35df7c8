/** @module Two shares of counted calls against each other: an exact test, widened when trials differ by more than chance. */
import { lnGamma, studentTail } from './student.ts';

/** So many of so many calls. */
export interface Share {
  readonly events: number;
  readonly of: number;
}

/** Two sides with one share per trial. */
export interface SharesTest {
  readonly base: Share;
  readonly candidate: Share;
  /** The probability of such a difference, or a larger one, if there is none. */
  readonly tail: number;
  /** The standard error of the logarithm of the ratio; undefined when a side has no event. */
  readonly error: number | undefined;
  /** Degrees of freedom of {@link error}: infinite when the calls are as good as independent. */
  readonly degrees: number;
}

/**
 * Fisher's exact test of the sums. Where the trials of a side differ by more than independent calls would (Pearson's statistic
 * above its degrees of freedom), calls of a trial fail together: the variance is then scaled by that ratio, and Student's
 * distribution allows for how few trials it is known from (P. McCullagh and J. Nelder, "Generalized Linear Models", section 4.5).
 */
export function compareShares(base: readonly Share[], candidate: readonly Share[]): SharesTest {
  const [one, other] = [sumOf(base), sumOf(candidate)];
  const exact = fisherTail(one, other);
  const { scale, degrees } = dispersion([base, candidate]);
  const known = Math.sqrt(scale * (logVariance(one) + logVariance(other)));
  const error = Number.isFinite(known) ? known : undefined;
  if (scale <= 1)
    return { base: one, candidate: other, tail: exact, error, degrees: Number.POSITIVE_INFINITY };
  const wider = studentTail(score(one, other) / Math.sqrt(scale), degrees);
  return { base: one, candidate: other, tail: Math.max(exact, wider), error, degrees };
}

function sumOf(shares: readonly Share[]): Share {
  return shares.reduce((sum, { events, of }) => ({ events: sum.events + events, of: sum.of + of }), {
    events: 0,
    of: 0,
  });
}

/** The variance of the logarithm of a share (the delta method). */
const logVariance = ({ events, of }: Share): number => 1 / events - 1 / of;

/** How many times the variance of independent calls the trials show: at least 1. */
function dispersion(sides: readonly (readonly Share[])[]): {
  readonly scale: number;
  readonly degrees: number;
} {
  let [statistic, degrees] = [0, 0];
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
  return { scale: degrees === 0 ? 1 : Math.max(1, statistic / degrees), degrees };
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
