/** @module Format `junit`: the verdict as test cases, for the test view of a CI system: one per threshold, one per trial, one for the calls of each variant without thresholds. */
import type { Verdict } from '../../result/document.ts';
import { type Model, trialName } from '../model.ts';
import { percentWithUnit } from '../wording.ts';
import { type Case, junitXml } from './junit-xml.ts';
import { type Render, single } from './rendered.ts';
import { NO_THRESHOLDS } from './verdict.ts';

function caseOf(name: string, status: Verdict['status'], reasons: readonly string[]): Case {
  return {
    name,
    failures: status === 'fail' ? reasons : [],
    skipped: status === 'inconclusive' ? reasons : [],
  };
}

/** Each threshold on each variant; what else the verdict gives as a reason is a case of its own. */
function verdictCases({ document, variants }: Model): readonly Case[] {
  const { checks = [], reasons, status } = document.verdict;
  const nameOf = (wanted: string): string =>
    variants.find(({ variant }) => variant.name === wanted)?.name ?? wanted;
  const named = checks.map(({ variant, threshold, status: own, measured = '', reason = measured }) =>
    caseOf(variants.length > 1 ? `${nameOf(variant)}: ${threshold}` : threshold, own, [reason]),
  );
  const rest = reasons.filter((reason) => !checks.some((one) => one.reason === reason));
  // Beside a threshold that failed, these are doubts, and doubts fail nothing.
  const doubts = status === 'fail' && checks.some((one) => one.status === 'fail');
  const overall =
    status === 'none'
      ? caseOf('verdict', 'inconclusive', [...rest, NO_THRESHOLDS])
      : caseOf('verdict', doubts ? 'inconclusive' : status, rest);
  return rest.length > 0 || checks.length === 0 ? [...named, overall] : named;
}

function trialCases({ variants }: Model): readonly Case[] {
  return variants.flatMap(({ name, variant }) =>
    variant.repetitions.map((one) => ({
      name: `${trialName(name, one)} measured the server`,
      failures: [],
      skipped: [
        ...(one.complete ? [] : ['cut short']),
        ...(one.calls.ok === 0 ? ['not one call ended ok'] : []),
        ...(one.generator.bound ? ['generator-bound', ...one.generator.reasons] : []),
      ],
    })),
  );
}

/** Each variant without a threshold of its own: nothing else says that its calls failed. */
function callCases({ document, measured }: Model): readonly Case[] {
  const { checks = [] } = document.verdict;
  return measured
    .filter(({ variant }) => !checks.some((one) => one.variant === variant.name))
    .map(({ name, summary: { calls } }) => ({
      name: `${name}: every call ended ok`,
      failures: calls.errorRate > 0 ? [`${percentWithUnit(calls.errorRate)} of its calls failed`] : [],
      skipped: [],
    }));
}

export const junit: Render = async (model) =>
  single(
    'report.junit.xml',
    junitXml(model.title, [
      { name: 'verdict', cases: verdictCases(model) },
      { name: 'trials', cases: trialCases(model) },
      { name: 'calls', cases: callCases(model) },
    ]),
  );
