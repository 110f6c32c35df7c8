/** @module The variants of a document as reports speak of them: with a unique printable name, and only those that measured something. */
import type { Repetition, ResultDocument, Summary, VariantResult } from '../result/document.ts';
import { plain } from './wording.ts';

/** A variant with at least one call that was due. */
export interface Measured {
  /** Place in the document, from 0; decides the colour. */
  readonly place: number;
  /** Unique within the document, printable, never empty. */
  readonly name: string;
  readonly variant: VariantResult;
  readonly summary: Summary;
}

/** Every variant's printable name, by place. */
export function namesOf(document: ResultDocument): readonly string[] {
  const taken = new Set<string>();
  return document.variants.map((variant, place) => {
    const wanted =
      plain(variant.name) || (document.variants.length === 1 ? 'this profile' : `variant ${place + 1}`);
    const name = taken.has(wanted) ? `${wanted} (${place + 1})` : wanted;
    taken.add(name);
    return name;
  });
}

/** The variants that have something to show, in the document's order. */
export function measuredOf(document: ResultDocument): readonly Measured[] {
  const names = namesOf(document);
  return document.variants.flatMap((variant, place) =>
    variant.summary && variant.summary.calls.due > 0
      ? [{ place, name: names[place]!, variant, summary: variant.summary }]
      : [],
  );
}

/** Share of the calls sent that found their session gone. */
export function lostShare(summary: Summary): number {
  return summary.calls.sent === 0 ? 0 : (summary.calls.outcomes['session-lost'] ?? 0) / summary.calls.sent;
}

/** A trial is named as people count: `“sessions, sticky” repetition 2`. */
export const trialName = (name: string, repetition: Repetition): string =>
  `“${name}” repetition ${repetition.index + 1}`;

/** The profile's title. */
export function titleOf(document: ResultDocument): string {
  const title = document.profile['title'];
  return (typeof title === 'string' ? plain(title) : '') || 'Load test';
}

/** How many trials the profile asked for; `undefined` when it does not say. */
export function plannedTrials(document: ResultDocument): number | undefined {
  const repetitions = document.profile['repetitions'];
  return typeof repetitions === 'number' ? repetitions * document.variants.length : undefined;
}
