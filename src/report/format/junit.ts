/** @module Format `junit`: the verdict as test cases, for the test view of a CI system: one per threshold, one per trial. */
import type { ResultDocument } from '../../result/document.ts';
import { escapeText } from '../markup.ts';
import { namesOf, titleOf, trialName } from '../measured.ts';
import { type Render, single } from './rendered.ts';

interface Case {
  readonly name: string;
  readonly failures: readonly string[];
  /** Why it can neither pass nor fail. */
  readonly skipped: readonly string[];
}

/** Each threshold with the reasons of the verdict that name it; reasons that name none are a case of their own. */
function verdictCases({ profile, verdict }: ResultDocument): readonly Case[] {
  const listed = profile['thresholds'];
  const thresholds = Array.isArray(listed) ? listed.map(String) : [];
  const judged = (name: string, reasons: readonly string[]): Case => ({
    name,
    failures: verdict.status === 'fail' ? reasons : [],
    skipped: verdict.status === 'inconclusive' ? reasons : [],
  });
  const named = thresholds.map((text) =>
    judged(
      text,
      verdict.reasons.filter((reason) => reason.includes(text)),
    ),
  );
  const rest = verdict.reasons.filter((reason) => !thresholds.some((text) => reason.includes(text)));
  const overall = rest.length > 0 || thresholds.length === 0 ? [judged('verdict', rest)] : [];
  return [...named, ...overall];
}

function trialCases(document: ResultDocument): readonly Case[] {
  const names = namesOf(document);
  return document.variants.flatMap((variant, place) =>
    variant.repetitions.map((one) => ({
      name: `${trialName(names[place]!, one)} measured the server`,
      failures: [],
      skipped: [
        ...(one.complete ? [] : ['cut short']),
        ...(one.generator.bound ? ['the generator was the limit', ...one.generator.reasons] : []),
      ],
    })),
  );
}

function caseXml(suite: string, { name, failures, skipped }: Case): string {
  const head = `    <testcase classname="${escapeText(suite)}" name="${escapeText(name)}"`;
  const why = escapeText((failures.length > 0 ? failures : skipped).join('; '));
  if (failures.length > 0) return `${head}><failure message="${why}"/></testcase>`;
  return skipped.length > 0 ? `${head}><skipped message="${why}"/></testcase>` : `${head}/>`;
}

function suiteXml(name: string, cases: readonly Case[]): string {
  const failed = cases.filter((one) => one.failures.length > 0).length;
  const skipped = cases.filter((one) => one.failures.length === 0 && one.skipped.length > 0).length;
  return `  <testsuite name="${escapeText(name)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}">
${cases.map((one) => caseXml(name, one)).join('\n')}
  </testsuite>`;
}

export const junit: Render = async (document) => {
  const suites = [
    ['verdict', verdictCases(document)],
    ['trials', trialCases(document)],
  ] as const;
  const body = suites.filter(([, cases]) => cases.length > 0).map(([name, cases]) => suiteXml(name, cases));
  return single(
    'report.junit.xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeText(titleOf(document))}">\n${body.join('\n')}\n</testsuites>\n`,
  );
};
