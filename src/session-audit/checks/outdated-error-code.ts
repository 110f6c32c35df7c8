/** @module Check: error codes of the release candidate of 2026-07-28, and codes that servers of that revision must not send. Source: MCP 2026-07-28, Base Protocol, Error Codes. */
import type { Check, CheckContext, Finding } from '../check.ts';
import { placeOf } from '../elsewhere.ts';
import { type AuditRequest, type Exchange, subjectOf } from '../exchange.ts';

/** What was sent, what it should be, and where the code is from. */
const OUTDATED: Readonly<Record<number, string>> = {
  [-32001]: 'of the release candidate; a header mismatch is -32020 now',
  [-32003]: 'of the release candidate; a missing client capability is -32021 now',
  [-32004]: 'of the release candidate; an unsupported version is -32022 now',
  [-32002]: 'of 2025-11-25; a resource that does not exist is -32602 now',
  [-32042]: 'of 2025-11-25; a server that needs a visit to a URL answers input_required now',
};

/** A URI that no server has. */
const NO_RESOURCE = 'paceline-audit://no-such-resource';

/** Requests that have to be answered with an error, or may be: for each code one. */
function provoking({ survey, tried }: CheckContext): readonly AuditRequest[] {
  const back = tried.filter(
    ({ answer: { outcome, error } }) =>
      outcome === 'input-required' || outcome === 'task' || error !== undefined,
  );
  return [
    { method: 'tools/list', headers: { 'Mcp-Method': 'prompts/list' } },
    ...(survey.capabilities['resources'] === undefined
      ? []
      : [{ method: 'resources/read', name: NO_RESOURCE, params: { uri: NO_RESOURCE } }]),
    // With every capability, and with none.
    ...back.flatMap(({ request }) => [request, { ...request, capabilities: {} }]),
  ];
}

const codeOf = ({ answer }: Exchange): number | undefined => answer.error?.code;

export const outdatedErrorCode: Check = {
  name: 'outdated-error-code',
  title: 'An error has a code that this revision does not have',
  severity: 'warning',
  fix: 'send the codes of the final revision; clients detect the era and retry by them (MCP 2026-07-28, Base Protocol, Error Codes)',
  notApplicable: ({ era }) => (era === 'stateless' ? undefined : 'other-era'),
  async run(context) {
    const { home } = context.places.orders[0]!;
    const findings = new Map<number, Finding>();
    for (const request of provoking(context)) {
      const one = await context.client().ask(request, home);
      const code = codeOf(one);
      const why = code === undefined ? undefined : OUTDATED[code];
      if (code === undefined || why === undefined || findings.has(code)) continue;
      const again = await context.client().ask(request, home);
      if (codeOf(again) !== code) continue;
      const seen = `${placeOf(one)} answered with the error ${code}, which is ${why}`;
      findings.set(code, { subject: subjectOf(request), seen, evidence: [one, again] });
    }
    return [...findings.values()];
  },
};
