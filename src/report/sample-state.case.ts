/** @module Result documents for the tests of the reports: handles of four kinds, whose state is made or lost. */
import type { ResultDocument } from '../result/document.ts';
import type { StateFigures } from '../result/measure/state.ts';
import { changed, DEMO, distributionOf, documentOf, once } from './sample-document.case.ts';

/** What handles of one invented variant cost, and how many of its calls had theirs refused. */
interface Handles {
  readonly name: string;
  readonly medianUs: number;
  readonly bytesPerCall: number;
  readonly unknown: number;
}

const CALLS = 800;

/** Two of the cheap ones lose the same, and three lose nothing. */
export const HANDLES: readonly Handles[] = [
  { name: 'memory', medianUs: 3, bytesPerCall: 66, unknown: 424 },
  { name: 'store', medianUs: 48, bytesPerCall: 66, unknown: 0 },
  { name: 'signed', medianUs: 41, bytesPerCall: 512, unknown: 0 },
  { name: 'signed, encrypted', medianUs: 262, bytesPerCall: 702, unknown: 0 },
  { name: 'node-encoded', medianUs: 4, bytesPerCall: 72, unknown: 412 },
];

const figuresOf = ({ medianUs, bytesPerCall, unknown }: Handles): StateFigures => ({
  calls: CALLS,
  unknown,
  unknownShare: unknown / CALLS,
  bytesPerCall,
  time: distributionOf(Array.from({ length: CALLS }, (_, at) => medianUs * (0.5 + at / CALLS))),
});

/** A document whose variants used these handles. */
export function handlesDocument(some: readonly Handles[]): ResultDocument {
  const document = documentOf(
    some.map(({ name }) => ({ ...DEMO[3]!, name, perSecond: 80, seconds: 3 })),
    2,
  );
  return changed(document, (variant, place) => {
    const state = figuresOf(some[place]!);
    return {
      ...variant,
      summary: { ...variant.summary!, state },
      repetitions: variant.repetitions.map((one) => ({ ...one, state })),
    };
  });
}

/** Each kind of handle. */
export const handles = once(() => handlesDocument(HANDLES));
