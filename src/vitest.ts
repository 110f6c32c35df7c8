/** @module Matchers for vitest: `import { matchers } from 'paceline/vitest'`, and `expect.extend(matchers)`. */
import type {} from 'vitest';
import { parseThreshold } from './profile/section/threshold.ts';
import type { ResultDocument, VariantResult, Verdict } from './result/document.ts';
import { boundedMetrics } from './result/measure/metrics.ts';
import { judge } from './result/verdict/judge.ts';
import { UserError } from './units/user-error.ts';

declare module 'vitest' {
  // The parameters of an interface that is extended have to be the same everywhere.
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> {
    /**
     * Whether a result of Paceline, or one of its variants, meets a threshold: `expect(result).toMeet('p(99) < 50ms')`. It passes only
     * if the threshold does, and `.not` only if it fails: neither passes where it is inconclusive. An invalid threshold throws.
     */
    toMeet(threshold: string): void;
  }
}

/** What vitest needs of a matcher's answer. */
interface Matched {
  readonly pass: boolean;
  message(): string;
}

/**
 * The matchers, for `expect.extend`.
 *
 * @example
 * ```ts
 * import { parseProfile, runExperiment } from 'paceline';
 * import { matchers } from 'paceline/vitest';
 * import { expect, it } from 'vitest';
 *
 * expect.extend(matchers);
 *
 * it('answers fast', async () => {
 *   const result = await runExperiment({ profile: parseProfile(PROFILE, 'profile.yaml') }).result();
 *   expect(result).toMeet('p(99) < 50ms');
 * });
 * ```
 */
export const matchers: {
  toMeet(this: { readonly isNot: boolean }, received: unknown, threshold: string): Matched;
} = {
  toMeet(received, threshold) {
    const { isNot } = this;
    const verdict = verdictOn(received, threshold);
    return {
      pass: isNot ? verdict.status !== 'fail' : verdict.status === 'pass',
      message: () => messageOf(verdict, threshold, isNot),
    };
  },
};

/** The verdict that the result would have with this threshold alone. */
function verdictOn(received: unknown, threshold: string): Verdict {
  const read = parseThreshold(threshold, boundedMetrics(), 'toMeet');
  if ('what' in read) throw new UserError(read);
  if (isDocument(received)) {
    const verdict = judge(received.variants, [threshold]);
    if (received.complete || verdict.status !== 'pass') return verdict;
    return { ...verdict, status: 'inconclusive', reasons: ['the run was not complete'] };
  }
  if (isVariant(received)) return judge([received], [threshold]);
  throw new UserError({
    where: 'toMeet',
    what: 'the received value is no result',
    expected: 'a result of runExperiment or readResult, or one of its variants',
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isDocument = (value: unknown): value is ResultDocument => isObject(value) && 'variants' in value;
const isVariant = (value: unknown): value is VariantResult =>
  isObject(value) && 'summary' in value && 'repetitions' in value;

/** Every check with what was measured and why it is so, and what else is in doubt. */
function messageOf({ status, reasons, checks = [] }: Verdict, threshold: string, isNot: boolean): string {
  const told = checks.map(({ status: own, variant, measured, reason }) => {
    const passed = `${variant === '' ? '' : `${variant}: `}${threshold}: measured ${measured}`;
    return `${own}: ${reason ?? passed}`;
  });
  const others = reasons.filter((reason) => checks.every((one) => one.reason !== reason));
  const expected = `expected the result ${isNot ? 'not ' : ''}to meet "${threshold}"`;
  const rule = isNot ? '.not passes only where the threshold fails' : 'it must pass';
  return [`${expected}, but it is ${status === 'pass' ? 'met' : status} (${rule})`, ...told, ...others].join(
    '\n  ',
  );
}
