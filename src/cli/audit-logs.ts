/** @module `paceline audit LOG...`: what audit logs say by themselves. */

import { auditLogFile } from '../audit/log-file.ts';
import { type AuditOverview, auditOverview } from '../audit/overview.ts';
import { AUDIT_FIELDS, type AuditFields } from '../profile/auth-kinds.ts';
import { plural } from '../report/wording.ts';
import { formatMicros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { nearest } from '../units/words.ts';
import { EXIT } from './exit.ts';
import { openTerminal } from './terminal.ts';

export interface AuditLogsOptions {
  /** `ours=theirs` each. */
  readonly field: readonly string[];
  readonly json: boolean;
}

/** Reads the logs at `paths`; resolves with `threshold` when one holds a token, or decisions about one call contradict each other. */
export async function auditLogs(
  paths: readonly string[],
  { field, json }: AuditLogsOptions,
): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: json });
  const fields = fieldsOf(field);
  for (const path of paths) await auditLogFile(path, 'file');
  const overview = await auditOverview(paths, fields);
  if (overview.records === 0) throw noRecord(paths, overview);
  if (json) await terminal.print(`${JSON.stringify({ files: paths, ...overview }, null, 2)}\n`);
  else for (const line of linesOf(overview)) terminal.tell(line);
  return overview.secrets + overview.contradicting > 0 ? EXIT.threshold : EXIT.pass;
}

function noRecord(paths: readonly string[], { unreadable }: AuditOverview): UserError {
  return new UserError({
    where: paths.join(', '),
    what:
      unreadable === 0
        ? 'holds no line'
        : `holds no audit record: ${plural(unreadable, 'line is', 'lines are')} none`,
    expected: 'JSON lines with a decision each',
    todo: 'check the path, and name the fields of another server with --field ours=theirs',
  });
}

function fieldsOf(given: readonly string[]): AuditFields {
  return Object.fromEntries(
    given.map((text) => {
      const [ours = '', ...theirs] = text.split('=');
      if (AUDIT_FIELDS.some((name) => name === ours) && theirs.length > 0) return [ours, theirs.join('=')];
      const meant = nearest(ours, AUDIT_FIELDS);
      throw new UserError({
        where: '--field',
        what: `"${text}" does not say where a field is`,
        expected: `ours=theirs, where ours is one of ${AUDIT_FIELDS.join(', ')}`,
        ...(meant !== undefined && meant !== ours && { todo: `did you mean "${meant}"?` }),
      });
    }),
  );
}

function linesOf(overview: AuditOverview): readonly string[] {
  const { records, unreadable, allowed, denied, instances, reasons } = overview;
  const { calls, withoutTrace, duplicate, contradicting, secrets, check } = overview;
  const shares = (list: AuditOverview['instances']): string =>
    list.length === 0 ? 'not in the log' : list.map(({ name, records: own }) => `${name} ${own}`).join(', ');
  return [
    `records    ${records}${unreadable > 0 ? `; lines that are no records: ${unreadable}` : ''}`,
    `decisions  ${allowed} allowed, ${denied} denied`,
    `instances  ${shares(instances)}`,
    ...(denied > 0 ? [`reasons    ${shares(reasons)}`] : []),
    `calls      ${calls} by trace context; records without one: ${withoutTrace}`,
    `           more than one record: ${duplicate}; contradicting decisions: ${contradicting}`,
    check === null
      ? 'check      no times in the log'
      : `check      p50 ${formatMicros(check.p50Us)}, p99 ${formatMicros(check.p99Us)}, max ${formatMicros(check.maxUs)}`,
    `tokens     lines that hold one: ${secrets}`,
  ];
}
