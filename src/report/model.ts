/** @module What every format reads: a result, with its variants named and sorted once. Nothing is computed here that the result lacks. */
import { basename } from 'node:path';
import type { Comparison, Repetition, ResultDocument, Summary, VariantResult } from '../result/document.ts';
import { metricsOf } from '../result/measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../result/measure/quantities.ts';
import type { SessionAudit } from '../session-audit/document.ts';
import { plain } from './wording.ts';

/** A variant by the name that reports give it. */
export interface Named {
  /** Place in the document, from 0; decides the colour. */
  readonly place: number;
  /** Unique within the document, printable, never empty. */
  readonly name: string;
  readonly variant: VariantResult;
}

/** A variant with at least one call that was due. */
export interface Measured extends Named {
  readonly summary: Summary;
}

/** A comparison with both sides at hand. */
export interface Pair {
  readonly comparison: Comparison;
  readonly base: Measured;
  readonly candidate: Measured;
}

/** A pair with a ratio and an interval. */
export interface IntervalPair extends Pair {
  readonly comparison: Comparison & {
    readonly ratio: number;
    readonly ciLow: number;
    readonly ciHigh: number;
  };
}

export interface Model {
  readonly document: ResultDocument;
  /** What is measured, in the order of columns. */
  readonly quantities: Quantities;
  /** The profile's title, or the name of its file; printable. */
  readonly title: string;
  /** All variants, in the document's order. */
  readonly variants: readonly Named[];
  /** Those that have something to show. */
  readonly measured: readonly Measured[];
  /** The comparisons between measured variants, those of like with like first; without those that right refusals would decide. */
  readonly pairs: readonly Pair[];
  /** How many trials the profile asked for; undefined when it does not say. */
  readonly plannedTrials: number | undefined;
  /** The variants by the question that they answer, in the order of the questions; empty where the profile asks none. */
  readonly parts: readonly Part[];
  /** An audit of the servers, made apart from the run; absent: none was given. */
  readonly audit?: SessionAudit;
  /** Follows the names of charts: `-2` in the second of several parts, otherwise empty. */
  readonly suffix: string;
}

/** The variants that answer one question, as a model that shows nothing else. */
export interface Part {
  /** Printable. Empty of variants without a question, in a profile that asks some. */
  readonly question: string;
  readonly model: Model;
}

/** The model of a document, for all formats. */
export function modelOf(document: ResultDocument, quantities: Quantities = QUANTITIES): Model {
  return { ...ungrouped(document, quantities), parts: partsOf(document, quantities) };
}

/** The model of a document whose questions do not matter. */
function ungrouped(document: ResultDocument, quantities: Quantities): Model {
  const variants = namedOf(document);
  const measured = variants.flatMap((one): readonly Measured[] => {
    const { summary } = one.variant;
    return summary !== null && summary.calls.due > 0 ? [{ ...one, summary }] : [];
  });
  const { repetitions } = document.profile;
  return {
    document,
    quantities,
    title: titleOf(document),
    variants,
    measured,
    pairs: pairsOf(document, measured),
    plannedTrials: typeof repetitions === 'number' ? repetitions * document.variants.length : undefined,
    parts: [],
    suffix: '',
  };
}

function partsOf(document: ResultDocument, quantities: Quantities): readonly Part[] {
  const { variants, comparisons } = document;
  const questions = [...new Set(variants.map(({ question = '' }) => question))];
  if (questions.every((question) => question === '')) return [];
  return questions.map((question, place) => {
    const own = variants.filter((one) => (one.question ?? '') === question);
    const isOwn = (name: string): boolean => own.some((one) => one.name === name);
    const part = {
      ...document,
      variants: own,
      comparisons: comparisons.filter(({ base, candidate }) => isOwn(base) && isOwn(candidate)),
    };
    return {
      question: plain(question),
      model: { ...ungrouped(part, quantities), suffix: `-${place + 1}` },
    };
  });
}

function namedOf({ variants }: ResultDocument): readonly Named[] {
  const taken = new Set<string>();
  return variants.map((variant, place) => {
    const wanted = plain(variant.name) || (variants.length === 1 ? 'this profile' : `variant ${place + 1}`);
    const name = taken.has(wanted) ? `${wanted} (${place + 1})` : wanted;
    taken.add(name);
    return { place, name, variant };
  });
}

function titleOf({ profile: { title }, profileFile = '' }: ResultDocument): string {
  const file = basename(profileFile).replace(/\.ya?ml$/i, '');
  return (typeof title === 'string' ? plain(title) : '') || plain(file) || 'Load test';
}

/** Metrics by which a variant that refuses what it should refuse would seem worse. */
const COUNTS_OF_OK = ['calls.errorRate', 'rate.goodputPerSecond'];

/** Whether some calls had to be refused: those that were are no failures, and those that were not are no successes. */
const refuses = ({ summary: { auth } }: Measured): boolean =>
  (auth?.matrix ?? []).some(
    ({ expected, allowed, unauthorized, forbidden }) =>
      expected !== 'allow' && allowed + unauthorized + forbidden > 0,
  );

function pairsOf({ comparisons }: ResultDocument, measured: readonly Measured[]): readonly Pair[] {
  const side = (name: string): Measured | undefined => measured.find((one) => one.variant.name === name);
  const pairs = comparisons.flatMap((comparison): readonly Pair[] => {
    const [base, candidate] = [side(comparison.base), side(comparison.candidate)];
    if (base === undefined || candidate === undefined) return [];
    const isMeant = COUNTS_OF_OK.includes(comparison.metric) && (refuses(base) || refuses(candidate));
    return isMeant ? [] : [{ comparison, base, candidate }];
  });
  return [
    ...pairs.filter(({ comparison }) => comparison.alike),
    ...pairs.filter(({ comparison }) => !comparison.alike),
  ];
}

export const hasInterval = (pair: Pair): pair is IntervalPair =>
  pair.comparison.ratio !== null &&
  pair.comparison.ciLow !== null &&
  pair.comparison.ciHigh !== null &&
  pair.comparison.ciLow > 0;

/** `p99 response time` for `responseTime.p99Us`; an unknown metric is called by its name. */
export function metricLabel({ quantities }: Model, path: string): string {
  return metricsOf(quantities).find((one) => one.path === path)?.metric.label ?? path;
}

/** A trial is named as people count: `“sessions, sticky” repetition 2`. */
export const trialName = (name: string, repetition: Repetition): string =>
  `“${name}” repetition ${repetition.index + 1}`;
