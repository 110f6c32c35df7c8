/** @module An inspection as lines for a terminal: what was asked for, and what was found. */
import type { InspectedMethod, Inspection, InspectionFinding } from '../../inspect/inspection.ts';
import { MEANINGS } from '../../inspect/meanings.ts';
import { count, NOTHING, plain, plural, shorten } from '../wording.ts';
import { columns } from './columns.ts';

/** The lines. Findings of one kind are told together. */
export function inspectionLines(inspection: Inspection): readonly string[] {
  const { methods, findings } = inspection;
  const kinds = [...new Set(findings.map(({ kind, severity }) => `${severity} ${kind}`))];
  return [
    askedText(inspection),
    ...extentNotes(inspection),
    '',
    ...columns([HEADS, ...methods.map(methodRow)], [5]),
    '',
    ...kinds.flatMap((each) =>
      findingLines(findings.filter(({ kind, severity }) => each === `${severity} ${kind}`)),
    ),
    summaryText(inspection),
  ];
}

function askedText({ url, era, requests, connections, identities, instances }: Inspection): string {
  const parts = [
    plural(requests, 'request'),
    plural(connections, 'connection'),
    ...(identities > 0 ? [plural(identities, 'identity', 'identities')] : []),
    instances.length === 0 ? 'instances not named' : plural(instances.length, 'instance'),
  ];
  return `${plain(url)} (${era}): ${parts.join(', ')}`;
}

function extentNotes({ era, complete }: Inspection): readonly string[] {
  return [
    ...(era === 'sessions'
      ? ['note: MCP 2025-11-25 has no ttlMs and no cacheScope; only what the lists contain was checked']
      : []),
    ...(complete ? [] : ['note: ended early, at the limit of time or of requests']),
  ];
}

const HEADS = ['method', 'entries', 'pages', 'bytes', 'ttlMs', 'cacheScope'];
const LONGEST = 60;

function methodRow(method: InspectedMethod): readonly string[] {
  const { answered, error, entries, pages, bytes, ttlMs, cacheScope } = method;
  const name = shorten(plain(nameOf(method)), LONGEST);
  if (!answered) return [name, NOTHING, NOTHING, NOTHING, NOTHING, shorten(plain(error ?? NOTHING), LONGEST)];
  return [
    name,
    entries === null ? NOTHING : count(entries),
    count(pages),
    count(bytes),
    ttlMs === null ? NOTHING : String(ttlMs),
    plain(cacheScope ?? NOTHING),
  ];
}

const nameOf = ({ method, uri }: InspectedMethod): string => (uri === null ? method : `${method} ${uri}`);

/** Findings of one kind and severity. */
function findingLines(findings: readonly InspectionFinding[]): readonly string[] {
  const { kind, severity } = findings[0]!;
  const { what, why, fix } = MEANINGS[kind];
  return [
    `${severity} ${kind}: ${what}`,
    ...findings.map(({ where, evidence }) => `  seen  ${plain(where)}: ${plain(evidence)}`),
    `  why   ${why}`,
    `  fix   ${fix}`,
    '',
  ];
}

function summaryText({ url, findings }: Inspection): string {
  const number = (severity: InspectionFinding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return `${plain(url)}: ${number('bad')} bad, ${plural(number('warning'), 'warning')}, ${number('info')} info`;
}
