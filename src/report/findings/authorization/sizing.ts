/** @module Findings about sizing: what a mode needs of the authorization server and of the fleet at this load. */
import { type Authorized, arrivalsText, checked, checkText } from '../../authorization/authorized.ts';
import { loadOf } from '../../load-text.ts';
import type { Model } from '../../model.ts';
import { figure, list } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

type Sizing = NonNullable<Authorized['auth']['sizing']>;
type Sized = { readonly one: Authorized; readonly sizing: Sizing };

/** Of more variants, the most and the least demanding one; the table has all. */
const MOST_SENTENCES = 2;

export function sizingFindings(model: Model): readonly Finding[] {
  const sized = checked(model).flatMap((one): readonly Sized[] => {
    const { sizing } = one.auth;
    return sizing === null ? [] : [{ one, sizing }];
  });
  return sized.length <= MOST_SENTENCES ? sized.map(sizeOf) : rangeOf(sized);
}

function sizeOf({ one, sizing }: Sized): Finding {
  const { authorityCores, fleetCoresPer1000 } = sizing;
  const asked = requestsOf(sizing);
  const load = `at this load (${loadOf(one.variant.settings)})`;
  const server =
    asked.length === 0
      ? `${load}, the authorization server answered no request of instances with ${checkText(one)}`
      : `${load}, ${checkText(one)} needs ${list(asked)} of the authorization server, which takes ${coresText(authorityCores)}`;
  const fleet =
    fleetCoresPer1000 === null
      ? ''
      : `; at this cost per call, fleet and balancer need ${coresText(fleetCoresPer1000)} for 1,000 calls/s`;
  return { tone: 'neutral', text: `${quoted(one.name)}: ${server}${fleet}.` };
}

const coresText = (cores: number): string =>
  cores > 0 && cores < 0.01 ? 'less than 0.01 cores' : `${figure(cores)} ${cores === 1 ? 'core' : 'cores'}`;

/** What is asked of the authorization server per second; empty when nothing is. */
function requestsOf(sizing: Sizing): readonly string[] {
  const all = [
    [sizing.tokensPerSecond, 'token', 'tokens'],
    [sizing.introspectionsPerSecond, 'introspection', 'introspections'],
    [sizing.keySetsPerSecond, 'key set', 'key sets'],
    [sizing.revokedListsPerSecond, 'list of revoked tokens', 'lists of revoked tokens'],
  ] as const;
  const asked = all.filter(([perSecond]) => perSecond > 0);
  return asked.map(([perSecond, one, many]) =>
    perSecond < 0.01
      ? `hardly any ${many}`
      : `${figure(perSecond)} ${perSecond === 1 ? one : many} per second`,
  );
}

function rangeOf(sized: readonly Sized[]): readonly Finding[] {
  const fleet = sized
    .flatMap(({ one, sizing: { fleetCoresPer1000: cores } }) => (cores === null ? [] : [{ one, cores }]))
    .sort((a, b) => a.cores - b.cores);
  const [least, most] = [fleet[0], fleet.at(-1)];
  if (least === undefined || most === undefined) return [];
  const busiest = sized.reduce((a, b) => (b.sizing.authorityCores > a.sizing.authorityCores ? b : a));
  const asked = requestsOf(busiest.sizing);
  const server =
    asked.length === 0
      ? 'the authorization server answered no request of instances meanwhile'
      : `the authorization server is busiest with ${quoted(busiest.one.name)} (${list(asked)}, ${coresText(busiest.sizing.authorityCores)})`;
  const text = `At the measured cost per call, 1,000 calls/s need from ${coresText(least.cores)} (${quoted(least.one.name)}) to ${coresText(most.cores)} (${quoted(most.one.name)}), under ${arrivalsText(sized.map(({ one }) => one))}; ${server}.`;
  return [{ tone: 'neutral', text }];
}
