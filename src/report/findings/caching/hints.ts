/** @module Findings about cache hints: caching that is off, hints that are missing or malformed, results that are private though all callers got the same. */
import type { ScopeForm, TtlForm } from '../../../protocol/caching/hints.ts';
import type { CacheMethodFigures } from '../../../result/measure/cache-figures.ts';
import { askedText, type Cached, cached } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { count, list, plural } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** What is wrong with a `ttlMs`, and what follows from it. */
const TTL_FAULTS: Readonly<Partial<Record<TtlForm, string>>> = {
  absent: 'without ttlMs, which may not be kept',
  negative: 'with a negative ttlMs, which counts as 0',
  fractional: 'with a ttlMs that is no whole number, which is rounded down',
  malformed: 'with a ttlMs that is no number, which may not be kept',
  clamped: 'with a ttlMs of more than 24 h, which counts as 24 h',
};

const SCOPE_FAULTS: Readonly<Partial<Record<ScopeForm, string>>> = {
  absent: 'without cacheScope, which counts as private',
  malformed: 'with a cacheScope that is neither public nor private, which counts as private',
};

export function hintFindings(model: Model): readonly Finding[] {
  const some = cached(model).filter(({ cache }) => cache.originCalls > 0);
  return [...offFindings(some), ...faultFindings(some)];
}

/** Answers that gave a `ttlMs`, by form. */
const formsOf = ({ cache }: Cached): readonly (readonly [string, number])[] =>
  Object.values(cache.byMethod).flatMap(({ ttlForms }) =>
    Object.entries(ttlForms).filter(([, answers]) => answers > 0),
  );

const isOff = (one: Cached): boolean => {
  const forms = formsOf(one);
  return forms.length > 0 && forms.every(([form]) => form === 'zero');
};

/** Caching that the server has switched off: everywhere, or where a variant would have kept something. */
function offFindings(some: readonly Cached[]): readonly Finding[] {
  const off = some.filter(isOff);
  if (off.length === 0) return [];
  if (off.length === some.length) {
    const text = `Every answer to ${askedText(some)} says ttlMs 0: caching is off, whatever clients do.`;
    return [{ tone: 'warning', text }];
  }
  const names = off.filter(({ cache }) => cache.honour).map(({ name }) => quoted(name));
  if (names.length === 0) return [];
  return [{ tone: 'neutral', text: `${list(names)} kept nothing, because every answer says ttlMs 0.` }];
}

/** One sentence for each method with such hints, of the variant with most of them. */
function faultFindings(some: readonly Cached[]): readonly Finding[] {
  const methods = [...new Set(some.flatMap(({ cache }) => Object.keys(cache.byMethod)))];
  return methods.flatMap((method): readonly Finding[] => {
    const worst = some
      .flatMap(({ cache }) => cache.byMethod[method] ?? [])
      .map((figures) => ({ parts: partsOf(figures), answers: answersOf(figures) }))
      .sort((a, b) => b.parts.length - a.parts.length || b.answers - a.answers)[0];
    if (worst === undefined || worst.parts.length === 0) return [];
    return [
      {
        tone: 'warning',
        text: `Of ${plural(worst.answers, 'answer')} to ${method}: ${worst.parts.join('; ')}.`,
      },
    ];
  });
}

const answersOf = ({ ttlForms }: CacheMethodFigures): number =>
  Object.values(ttlForms).reduce((sum, answers) => sum + answers, 0);

function partsOf({ ttlForms, scopes }: CacheMethodFigures): readonly string[] {
  return [...faultsOf(ttlForms, TTL_FAULTS), ...faultsOf(scopes, SCOPE_FAULTS)];
}

const faultsOf = (
  answers: Readonly<Record<string, number>>,
  faults: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.entries(answers).flatMap(([form, many]) =>
    many > 0 && Object.hasOwn(faults, form) ? [`${count(many)} ${faults[form]}`] : [],
  );
