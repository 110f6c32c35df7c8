/** @module Checks the document and each of its variants, and tells all that is wrong at once, each fault once. */
import type { z } from 'zod';
import type { Problem } from '../../units/user-error.ts';
import { inVariants } from '../in-variants.ts';
import { ProfileDocument } from '../schema.ts';
import { thresholdFaults } from '../section/threshold.ts';
import { isMapping } from '../section/values.ts';
import { placeBelow } from '../template/template.ts';
import { type Complaint, complaintsOf } from './errors.ts';
import { type Flags, shownFlag } from './flags.ts';
import type { Draft } from './overrides.ts';
import type { Place, Source } from './source.ts';
import { type Merged, misplacedOverrides } from './variants.ts';

export interface Checked extends Merged {
  /** Absent when there are complaints. */
  readonly document: ProfileDocument | undefined;
  readonly complaints: readonly Complaint[];
}

/** Checks a variant against the schema. */
export function check(variant: Merged): Checked {
  const { data, error } = ProfileDocument.safeParse(variant.draft.document);
  return { ...variant, document: data, complaints: complaintsAbout(variant.draft, error) };
}

function complaintsAbout({ document, findings }: Draft, error: z.ZodError | undefined): readonly Complaint[] {
  const missed = findings.map(
    ({ path, fault }): Complaint => ({ place: path, part: 'value', mendable: false, fault }),
  );
  return [...missed, ...complaintsOf(error?.issues ?? [], document)];
}

interface Found {
  readonly complaint: Complaint;
  readonly draft: Draft;
  /** The variants in which it was found. */
  readonly names: string[];
  /** It is wrong whatever a variant says: told once, without naming variants. */
  readonly shared: boolean;
}

/** A fault and what it takes to sort it and to tell it from others. */
interface Placed {
  readonly line: number;
  readonly column: number;
  readonly fault: Problem;
}

/** Every fault of the profile in the order of the text, each once, naming the variants that it depends on. */
export function collectFaults(
  source: Source,
  base: Draft,
  checked: readonly Checked[],
  flags: Flags,
): readonly Problem[] {
  const found = new Map<string, Found>();
  const note = (draft: Draft, complaint: Complaint, name?: string): void => {
    const key = JSON.stringify([draft.originOf(complaint.place), complaint.place, complaint.fault]);
    const entry = found.get(key) ?? { complaint, draft, names: [], shared: name === undefined };
    if (name !== undefined && !entry.shared) entry.names.push(name);
    found.set(key, entry);
  };
  for (const complaint of baseComplaints(base)) note(base, complaint);
  for (const complaint of thresholdComplaints(base, checked)) note(base, complaint);
  for (const { draft, complaints, name } of checked) {
    for (const complaint of complaints) note(draft, complaint, name);
  }
  const placed = [...found.values()].map(({ complaint, draft, names }) => {
    // What stands in the shared part and is wrong in every variant is not a matter of variants.
    const everywhere = names.length === checked.length && !fromVariant(draft, complaint);
    return place(source, draft, complaint, everywhere ? [] : names);
  });
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  return [
    ...idleHeaders(checked, flags),
    ...new Map(placed.map(({ fault }) => [JSON.stringify(fault), fault])).values(),
  ];
}

/** Faults of the document itself; what variants may mend is left to them. */
function baseComplaints(base: Draft): readonly Complaint[] {
  const { error } = ProfileDocument.safeParse(base.document);
  const own = complaintsAbout(base, error).filter(
    ({ mendable, place }) => !mendable || place[0] === 'variants',
  );
  const misplaced = misplacedOverrides(base.document).map(
    ({ place, key }): Complaint => ({
      place,
      part: 'key',
      mendable: false,
      fault: { what: `${key} holds for all variants`, todo: 'set it at the top of the profile' },
    }),
  );
  return [...own, ...misplaced];
}

/** Thresholds hold for all variants, and may speak of any of them and of all their calls. */
function thresholdComplaints(base: Draft, checked: readonly Checked[]): readonly Complaint[] {
  const listed = base.document['thresholds'];
  const known = {
    variants: checked.map(({ name }) => name),
    calls: checked.flatMap(({ draft }) => callNames(draft.document['calls'])),
  };
  return (Array.isArray(listed) ? (listed as readonly unknown[]) : []).flatMap((text, index) =>
    // What is no text or empty is told by the schema.
    typeof text !== 'string' || text.trim() === ''
      ? []
      : thresholdFaults(text, known).map(
          (fault): Complaint => ({ place: ['thresholds', index], part: 'value', mendable: false, fault }),
        ),
  );
}

/** Names of the calls in a mix that may be faulty elsewhere. */
function callNames(calls: unknown): readonly string[] {
  return (Array.isArray(calls) ? (calls as readonly unknown[]) : []).flatMap((call) => {
    if (!isMapping(call)) return [];
    if (typeof call['tool'] === 'string') return `tools/call ${call['tool']}`;
    return call['list'] === 'tools' ? 'tools/list' : [];
  });
}

function fromVariant(draft: Draft, complaint: Complaint): boolean {
  const origin = draft.originOf(complaint.place);
  return origin.kind === 'file' && origin.place[0] === 'variants' && complaint.place[0] !== 'variants';
}

function place(
  source: Source,
  draft: Draft,
  { place, part, fault }: Complaint,
  names: readonly string[],
): Placed {
  const variant = inVariants(names);
  const path = placeBelow('', shownPlace(place)) || 'the profile';
  const origin = draft.originOf(place);
  if (origin.kind === 'flag')
    return { line: 0, column: 0, fault: { where: `${shownFlag(origin.flag)}: ${path}${variant}`, ...fault } };
  const { line, column } = source.at(origin.place, part);
  return { line, column, fault: { where: `${source.file}:${line}:${column} ${path}${variant}`, ...fault } };
}

/** The place as messages name it: what goes wrong in the name of a header may be its value. */
function shownPlace(place: Place): Place {
  if (place[0] !== 'target' || place[1] !== 'headers') return place;
  return place.map((key) => (typeof key === 'string' ? key.replace(/[\s:=].*$/s, '...') : key));
}

/** `--header` without a target to send it to. */
function idleHeaders(checked: readonly Checked[], { headers }: Flags): readonly Problem[] {
  if (headers.length === 0 || checked.some(({ draft }) => draft.document['target'] !== undefined)) return [];
  return [
    {
      where: '--header',
      what: 'there is no target to send it to',
      todo: 'give --target, or a profile with a target',
    },
  ];
}
