/** @module `paceline audit WHAT...`: chooses between the audit of a target, of a profile, and of logs. */
import { plural } from '../report/wording.ts';
import { UserError } from '../units/user-error.ts';
import type { AuditLogsOptions } from './audit-logs.ts';
import type { SessionAuditCommandOptions } from './session-audit.ts';

export interface AuditOptions extends SessionAuditCommandOptions, AuditLogsOptions {}

const isUrl = (text: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(text);
const isProfile = (text: string): boolean => /\.ya?ml$/i.test(text);

/** Audits what is given; resolves with the exit code. */
export async function audit(what: readonly string[], options: AuditOptions): Promise<number> {
  const [first = ''] = what;
  const target = what.find((text) => isUrl(text) || isProfile(text));
  if (target === undefined) {
    const { auditLogs } = await import('./audit-logs.ts');
    return auditLogs(what, options);
  }
  if (what.length > 1) {
    throw new UserError({
      where: target,
      what: `stands beside ${plural(what.length - 1, 'more argument')}`,
      expected: 'one endpoint, or one profile, or audit logs only',
      todo: 'name further instances with --instance URL',
    });
  }
  const { auditProfile, auditUrl } = await import('./session-audit.ts');
  return isUrl(first) ? auditUrl(first, options) : auditProfile(first, options);
}
