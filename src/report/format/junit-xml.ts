/** @module Test cases as JUnit XML, as the test views of CI systems read it; `test/junit.xsd` is its schema. */
import { escapeText } from './markup.ts';

/** A test case. It passed when there are neither failures nor reasons to skip it. */
export interface Case {
  readonly name: string;
  readonly failures: readonly string[];
  /** Why it can neither pass nor fail. */
  readonly skipped: readonly string[];
}

export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** The whole file; suites without cases are left out. */
export function junitXml(title: string, suites: readonly Suite[]): string {
  const body = suites.filter(({ cases }) => cases.length > 0).map(suiteXml);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeText(title)}">\n${body.join('\n')}\n</testsuites>\n`;
}

function suiteXml({ name, cases }: Suite): string {
  const failed = cases.filter((one) => one.failures.length > 0).length;
  const skipped = cases.filter((one) => one.failures.length === 0 && one.skipped.length > 0).length;
  return `  <testsuite name="${escapeText(name)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}">
${cases.map((one) => caseXml(name, one)).join('\n')}
  </testsuite>`;
}

function caseXml(suite: string, { name, failures, skipped }: Case): string {
  const head = `    <testcase classname="${escapeText(suite)}" name="${escapeText(name)}"`;
  const why = escapeText((failures.length > 0 ? failures : skipped).join('; '));
  if (failures.length > 0) return `${head}><failure message="${why}"/></testcase>`;
  return skipped.length > 0 ? `${head}><skipped message="${why}"/></testcase>` : `${head}/>`;
}
