/** @module The table of comparisons with one base: a row for each metric of each variant, a group of cells for each candidate. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { NOTHING, plain, shortenAll } from '../wording.ts';
import { changeText, intervalText, valueText } from './change-cells.ts';
import { reasonText } from './reason-text.ts';

/** Marks the headline metric. */
export const HEADLINE_MARK = '*';

/** Letters of the name of a variant. */
const LONGEST_VARIANT = 80;

/** Stands for a change that is undecided, as in benchstat. */
export const UNDECIDED = '~';

/** What is said of one candidate in a row. */
interface CandidateCells {
  readonly value: string;
  readonly change: string;
  readonly interval: string;
  /** The verdict; when it is undecided the mark of a note. */
  readonly verdict: string;
}

export interface ChangeRow {
  /** The variant; in a comparison of one variant, the metric. */
  readonly label: string;
  readonly base: string;
  /** One for each candidate. */
  readonly candidates: readonly CandidateCells[];
}

/** The rows of a metric, or all rows of a comparison of one variant. */
interface RowGroup {
  /** The metric; empty in a comparison of one variant. */
  readonly title: string;
  readonly rows: readonly ChangeRow[];
  /** The geometric mean over the variants, for each candidate; empty without. */
  readonly geomeans: readonly string[];
}

export interface ChangeTable {
  readonly groups: readonly RowGroup[];
  /** Why rows are undecided, each with its mark in front. */
  readonly notes: readonly string[];
  /** What has no row: metrics of which both sides have the same value in every repetition; in how many variants, where not in all. */
  readonly equal: readonly string[];
}

/** `documents`: at least one, with the same base. */
export function changeTable(documents: readonly ComparisonDocument[]): ChangeTable {
  const all = documents.flatMap(({ changes }) => changes.filter((one) => !isOfLackingVariant(one, changes)));
  const variants = unique(all.map(({ variant }) => variant));
  const metrics = unique(all.map(({ metric }) => metric)).map((metric) => {
    const changes = all.filter((one) => one.metric === metric);
    const measured = variants.filter((variant) => changes.some((one) => one.variant === variant));
    const telling = measured.filter((variant) =>
      changes.some((one) => one.variant === variant && !hasEqualPairs(one)),
    );
    return { metric, changes, measured, telling };
  });
  const short = shortenAll(variants.map(plain), LONGEST_VARIANT);
  const names = new Map(variants.map((variant, at) => [variant, short[at]!]));
  const marks = new Map<string, string>();
  const shown = metrics.filter(({ telling }) => telling.length > 0);
  const isOnly = variants.length < 2;
  const groups = shown.map(({ metric, changes, telling }) => ({
    title: isOnly ? '' : titleOf(changes),
    rows: telling.map((variant) =>
      rowOf(documents, metric, { variant, name: names.get(variant)! }, isOnly, marks),
    ),
    geomeans: isOnly ? [] : geomeansOf(documents, metric),
  }));
  return {
    groups: isOnly ? [{ title: '', rows: groups.flatMap(({ rows }) => rows), geomeans: [] }] : groups,
    notes: [...marks].map(([text, mark]) => `${mark} ${text}`),
    equal: metrics.flatMap(({ changes, measured, telling }) => {
      const some = measured.length - telling.length;
      const of = telling.length === 0 ? '' : ` in ${some} of ${measured.length} variants`;
      return some === 0 ? [] : [`${changes[0]!.label}${of}`];
    }),
  };
}

/** Whether there is nothing to say of it. */
const hasEqualPairs = ({ pairs, verdict, isHeadline }: Change): boolean =>
  !isHeadline && verdict === 'same' && pairs.every(({ base, candidate }) => base === candidate);

/** Whether its variant is on one side only, which its headline metric says. */
const isOfLackingVariant = ({ variant, isHeadline, because }: Change, all: readonly Change[]): boolean =>
  !isHeadline &&
  because === 'one-side-only' &&
  all.some((one) => one.isHeadline && one.variant === variant && one.because === because);

const titleOf = (changes: readonly Change[]): string =>
  `${changes[0]!.label}${changes.some(({ isHeadline }) => isHeadline) ? ` ${HEADLINE_MARK}` : ''}`;

/** A candidate at least has it. `notes` gets the reasons of undecided changes, each with its mark. */
function rowOf(
  documents: readonly ComparisonDocument[],
  metric: string,
  { variant, name }: { readonly variant: string; readonly name: string },
  isOnly: boolean,
  notes: Map<string, string>,
): ChangeRow {
  const found = documents.map(({ changes }) =>
    changes.find((one) => one.metric === metric && one.variant === variant),
  );
  const known = found.filter((one) => one !== undefined);
  // A candidate with fewer repetitions is compared with fewer of the base.
  const fullest = known.reduce((one, other) => (other.pairs.length > one.pairs.length ? other : one));
  return {
    label: isOnly ? titleOf([fullest]) : name || NOTHING,
    base: valueText(fullest, fullest.base),
    candidates: found.map((one) => (one === undefined ? NO_CELLS : cellsOf(one, notes))),
  };
}

const NO_CELLS: CandidateCells = { value: NOTHING, change: '', interval: '', verdict: '' };

function cellsOf(change: Change, notes: Map<string, string>): CandidateCells {
  const isOpen = change.verdict === 'undecided';
  // An interval of calls that failed would look like a finding.
  const moved = changeText(change, change.change);
  return {
    value: valueText(change, change.candidate),
    change: !isOpen ? moved : change.because === 'unlike-sides' ? `${UNDECIDED} ${moved}` : UNDECIDED,
    interval: change.because === 'nothing-worked' ? '' : change.ciLow === null ? '' : intervalText(change),
    verdict: isOpen ? markOf(reasonText(change), notes) : change.verdict,
  };
}

/** The mark of a note, a new one for a new text. */
function markOf(text: string, notes: Map<string, string>): string {
  const known = notes.get(text);
  if (known !== undefined) return known;
  const mark = superscript(notes.size + 1);
  notes.set(text, mark);
  return mark;
}

const superscript = (number: number): string =>
  [...String(number)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit))).join('');

function geomeansOf(documents: readonly ComparisonDocument[], metric: string): readonly string[] {
  const means = documents.map(({ geomeans }) => geomeans.find((one) => one.metric === metric));
  if (means.every((one) => one === undefined)) return [];
  return means.map((one) =>
    one === undefined ? NOTHING : changeText({ scale: 'ratio', unit: 'time' }, one.ratio),
  );
}

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];
