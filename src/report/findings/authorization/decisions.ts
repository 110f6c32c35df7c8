/** @module Findings about decisions: calls that were let through or refused against what they should have got. */
import { type Authorized, arrivalsText, checked } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count, list, plural, shorten } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** More instances than this are summed up. */
const MOST_INSTANCES = 4;
const LONGEST_NAME = 40;

/** What was decided wrongly, the calls that were let through first; those that the events explain are told with these. */
export function wrongFindings(model: Model): readonly Finding[] {
  const some = checked(model);
  return [wrongAllows, wrongDenies, disagreements, wrongStatuses, expired].flatMap((say) =>
    some.flatMap(say),
  );
}

/** One sentence when every decision of every variant with a check was right. */
export function decisionFindings(model: Model): readonly Finding[] {
  const right = checked(model).filter(
    ({ auth: { decisions } }) => isRight(decisions) && decisions.allowed + decisions.denied > 0,
  );
  if (right.length === 0) return [];
  const [one] = right;
  const { allowed, denied, unjudged } = one!.auth.decisions;
  const open = unjudged === 0 ? '' : `, ${count(unjudged)} not judged, as rights changed meanwhile`;
  const who =
    right.length > 1
      ? `${right.length === checked(model).length ? 'all' : right.length} variants with a check`
      : quoted(one!.name);
  const what =
    right.length > 1 ? '' : `: ${plural(allowed, 'call')} allowed, ${count(denied)} refused${open}`;
  return [{ tone: 'good', text: `Every decision of ${who} was right, under ${arrivalsText(right)}${what}.` }];
}

type Decisions = Authorized['auth']['decisions'];

const isRight = ({ wrongAllow, wrongDeny, wrongStatus, disagreeing, expiredInUse }: Decisions): boolean =>
  wrongAllow + wrongDeny + wrongStatus + disagreeing + expiredInUse === 0;

/** Calls that no token and no change of rights explains. Those after a change are the stale window's. */
function wrongAllows(one: Authorized): readonly Finding[] {
  const { decisions, matrix } = one.auth;
  const isPlain = matrix.some(
    ({ event, expected, allowed }) => event < 0 && expected !== 'allow' && allowed > 0,
  );
  if (decisions.wrongAllow === 0 || !isPlain) return [];
  return [
    {
      tone: 'bad',
      text: `${quoted(one.name)} let ${plural(decisions.wrongAllow, 'call')} through that should have been refused${byInstance(one, 'wrongAllow')}, under ${arrivalsText([one])}.`,
    },
  ];
}

function wrongDenies(one: Authorized): readonly Finding[] {
  const { wrongDeny } = one.auth.decisions;
  if (wrongDeny === 0) return [];
  return [
    {
      tone: 'bad',
      text: `${quoted(one.name)} refused ${plural(wrongDeny, 'call')} that should have been allowed${byInstance(one, 'wrongDeny')}, under ${arrivalsText([one])}.`,
    },
  ];
}

/** `: 406 by instance 1 and 406 by instance 2`; when it was one alone, so. */
function byInstance({ auth, summary }: Authorized, key: 'wrongAllow' | 'wrongDeny'): string {
  const those = auth.wrongByInstance.filter((each) => each[key] > 0);
  if (those.length === 0) return '';
  const nameOf = (name: string): string =>
    name === '' ? 'an instance that did not name itself' : `instance ${shorten(name, LONGEST_NAME)}`;
  if (those.length === 1) {
    const others = Object.keys(summary.byInstance).length > 1 ? ', and no other instance did' : '';
    return `: all of them by ${nameOf(those[0]!.name)}${others}`;
  }
  const shown = those.slice(0, MOST_INSTANCES).map((each) => `${count(each[key])} by ${nameOf(each.name)}`);
  const more =
    those.length > shown.length ? [`the rest by ${plural(those.length - shown.length, 'other')}`] : [];
  return `: ${list([...shown, ...more])}`;
}

function disagreements(one: Authorized): readonly Finding[] {
  const { disagreeing } = one.auth.decisions;
  if (disagreeing === 0) return [];
  return [
    {
      tone: 'bad',
      text: `${quoted(one.name)}: the instances do not decide alike. ${plural(disagreeing, 'call')} ended otherwise than most instances decided for the same identity and call, under ${arrivalsText([one])}.`,
    },
  ];
}

function wrongStatuses(one: Authorized): readonly Finding[] {
  const { wrongStatus } = one.auth.decisions;
  if (wrongStatus === 0) return [];
  const isOnly401 = one.auth.matrix.every(
    ({ expected, forbidden }) => expected !== 'unauthorized' || forbidden === 0,
  );
  const what = isOnly401 ? '401 where 403 is due' : 'the wrong one of 401 and 403';
  return [
    {
      tone: 'bad',
      text: `${quoted(one.name)} refused ${plural(wrongStatus, 'call')} with ${what}, under ${arrivalsText([one])}: a client then asks for a new token instead of more scopes, or the reverse.`,
    },
  ];
}

function expired(one: Authorized): readonly Finding[] {
  const { expiredInUse } = one.auth.decisions;
  if (expiredInUse === 0) return [];
  return [
    {
      tone: 'warning',
      text: `${quoted(one.name)}: ${plural(expiredInUse, 'call was', 'calls were')} refused because ${expiredInUse === 1 ? 'its token' : 'their tokens'} had expired and nothing renewed ${expiredInUse === 1 ? 'it' : 'them'}, under ${arrivalsText([one])}. The server is right to refuse them; see identities[].refresh and auth.lifetime.`,
    },
  ];
}
