/** @module The formats of an audit. Each is loaded when it is asked for. */
import type { SessionAudit } from '../../session-audit/document.ts';
import type { SessionAuditFormat } from './names.ts';

const FORMATS: Readonly<Record<SessionAuditFormat, (audit: SessionAudit) => Promise<string>>> = {
  text: async (audit) => `${(await import('./text.ts')).sessionAuditLines(audit).join('\n')}\n`,
  json: async (audit) => `${JSON.stringify(audit, null, 2)}\n`,
  junit: async (audit) => (await import('./junit.ts')).sessionAuditJunit(audit),
  html: async (audit) => (await import('./page.ts')).sessionAuditPage(audit),
};

/** `audit` as the text of a file. */
export function renderSessionAudit(audit: SessionAudit, format: SessionAuditFormat): Promise<string> {
  return FORMATS[format](audit);
}
