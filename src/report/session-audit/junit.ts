/** @module An audit as JUnit XML: a suite for each check, a test case for each tool or method. Findings failed, and what was not tried is skipped. */
import type { SessionAudit } from '../../session-audit/document.ts';
import { type Case, junitXml } from '../format/junit-xml.ts';
import { plain } from '../wording.ts';
import { answerText, differsText, notRunText, requestText, variantText, whereText } from './sentences.ts';

type Finding = SessionAudit['findings'][number];

const SHOWN = 300;

export function sessionAuditJunit(audit: SessionAudit): string {
  const suites = audit.checks.map((check) => {
    const { name, title, why, subjects } = check;
    const skipped = (reason: typeof why): readonly string[] =>
      reason === null ? [] : [notRunText(reason, check, audit)];
    const of = (subject: string): readonly Finding[] =>
      audit.findings.filter((finding) => finding.check === name && finding.subject === subject);
    const cases = subjects.map(
      (one): Case => ({
        name: plain(one.subject),
        failures: of(one.subject).map(failureText),
        skipped: skipped(one.why),
      }),
    );
    const whole: Case = { name: title, failures: [], skipped: skipped(why) };
    return { name, cases: cases.length === 0 || why !== null ? [...cases, whole] : cases };
  });
  const of = [variantText(audit), plain(audit.target.url)].filter((part) => part !== undefined);
  return junitXml(`Hidden sessions: ${of.join(', ')}`, suites);
}

function failureText(finding: Finding): string {
  const { severity, seen, fix, evidence } = finding;
  const shown = ([0, 1] as const).map((index) => {
    const exchange = evidence[index];
    const differs = differsText(finding, index);
    const answer = `${answerText(exchange, SHOWN)}${differs === '' ? '' : ` (${differs})`}`;
    return `${whereText(exchange)}: ${requestText(exchange, SHOWN)} -> ${answer}`;
  });
  return [`${severity}: ${plain(seen)}`, ...shown, `fix: ${fix}`].join('; ');
}
