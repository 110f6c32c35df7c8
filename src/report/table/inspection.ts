/** @module What servers say of keeping their results, a row per method: for the page. */
import type { InspectedMethod, Inspection } from '../../inspect/inspection.ts';
import { type Inspected, inspectionsOf } from '../inspections.ts';
import type { Model } from '../model.ts';
import { count, list, NOTHING, plain, shorten } from '../wording.ts';
import type { TextTable } from './headline.ts';

/** Letters of a URI or an error. */
const LONGEST = 60;

interface InspectionRow {
  readonly variants: string;
  readonly method: InspectedMethod;
  readonly inspection: Inspection;
}

const COLUMNS: readonly { readonly head: string; readonly cell: (row: InspectionRow) => string }[] = [
  { head: 'variant', cell: ({ variants }) => variants },
  { head: 'method', cell: ({ method }) => shorten(plain(nameOf(method)), LONGEST) },
  { head: 'entries', cell: ({ method: { entries } }) => (entries === null ? NOTHING : count(entries)) },
  { head: 'pages', cell: ({ method: { pages } }) => (pages === 0 ? NOTHING : count(pages)) },
  { head: 'bytes', cell: ({ method: { bytes } }) => (bytes === 0 ? NOTHING : count(bytes)) },
  { head: 'ttlMs', cell: ({ method: { ttlMs } }) => (ttlMs === null ? NOTHING : String(ttlMs)) },
  { head: 'cacheScope', cell: ({ method: { cacheScope } }) => plain(cacheScope ?? NOTHING) },
  { head: 'findings', cell: foundCell },
];

/** A row for each method; variants whose servers say the same share it. None without an inspection. */
export function inspectionTable(model: Model): TextTable {
  return {
    heads: COLUMNS.map(({ head }) => head),
    rows: inspectionsOf(model)
      .flatMap(rowsOf)
      .map((row) => COLUMNS.map(({ cell }) => cell(row))),
  };
}

function rowsOf({ inspection, variants }: Inspected): readonly InspectionRow[] {
  const names = list(variants.map(({ name }) => name));
  return inspection.methods.map((method) => ({ variants: names, method, inspection }));
}

/** The kinds of findings about the method, or the error that it was answered with. */
function foundCell({ method, inspection: { findings } }: InspectionRow): string {
  if (!method.answered) return shorten(plain(method.error ?? NOTHING), LONGEST);
  const name = nameOf(method);
  const kinds = findings.filter(({ where }) => where === name).map(({ kind }) => kind);
  return kinds.length === 0 ? 'none' : kinds.join(', ');
}

const nameOf = ({ method, uri }: InspectedMethod): string => (uri === null ? method : `${method} ${uri}`);
