/** @module Findings about audit logs: whether there is one record for each call, and whether it says what the client saw. */
import { type Authorized, arrivalsText, authorized } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count, list, plural } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

type Audit = NonNullable<Authorized['auth']['audit']>;

/** A sentence per variant whose log is not complete and right, and one about all others. */
export function auditFindings(model: Model): readonly Finding[] {
  const logged = authorized(model).flatMap((one) => {
    const { audit } = one.auth;
    return audit === null ? [] : [{ one, audit }];
  });
  const right = logged.filter(({ audit }) => faultsOf(audit).length === 0);
  return [
    ...logged.flatMap(({ one, audit }) => [...faulty(one, audit), ...unanswered(one, audit)]),
    ...(right.length === 0 ? [] : [complete(right, logged.length)]),
  ];
}

function complete(right: readonly { one: Authorized; audit: Audit }[], all: number): Finding {
  const [first] = right;
  const of =
    right.length === 1
      ? `${quoted(first!.one.name)}: the audit log has`
      : `The audit logs of ${right.length === all ? 'all' : ''} ${right.length} variants have`.replace(
          '  ',
          ' ',
        );
  const records = right.length === 1 ? ` (${recordsText(first!.audit)})` : '';
  const arrivals = arrivalsText(right.map(({ one }) => one));
  return {
    tone: 'good',
    text: `${of} exactly one record for every call, those of the warm-up included, with the decision that the client saw, and no token${records}, under ${arrivals}.`,
  };
}

/** How many records there are: a reader compares them with the calls, which are those of the measured time. */
function recordsText({ records, withoutTrace }: Audit): string {
  if (withoutTrace === 0) return plural(records, 'record');
  return `${plural(records, 'record')}, of which ${count(withoutTrace)} are of requests beside the calls`;
}

function faulty(one: Authorized, audit: Audit): readonly Finding[] {
  const faults = faultsOf(audit);
  if (faults.length === 0) return [];
  const text = `${quoted(one.name)}: of ${plural(audit.records, 'audit record')} and their calls, ${list(faults)}, under ${arrivalsText([one])}.`;
  return [{ tone: 'bad', text }];
}

/** Calls that a server let through and did not answer in time. */
function unanswered(one: Authorized, { executedUnanswered: calls }: Audit): readonly Finding[] {
  if (calls === 0) return [];
  const text = `${quoted(one.name)}: ${plural(calls, 'call')} without an answer ${calls === 1 ? 'was' : 'were'} let through by a server, as the audit log says, and may have been executed, under ${arrivalsText([one])}.`;
  return [{ tone: 'warning', text }];
}

/** What is wrong with a log; empty when nothing is. */
function faultsOf(audit: Audit): readonly string[] {
  const { missing, duplicate, contradicting, unknown, elsewhere, unreadable, secrets } = audit;
  const where =
    elsewhere === 0 ? '' : ` (${count(elsewhere)} of them: another instance answered than decided)`;
  const faults = [
    [secrets, `${plural(secrets, 'line holds', 'lines hold')} a token`],
    [missing, `${plural(missing, 'call has', 'calls have')} no record`],
    [duplicate, `${plural(duplicate, 'call has', 'calls have')} more than one`],
    [
      contradicting,
      `${plural(contradicting, 'record contradicts', 'records contradict')} what the client saw${where}`,
    ],
    [unknown, `${plural(unknown, 'record is', 'records are')} of no call that was sent`],
    [unreadable, `${plural(unreadable, 'line is', 'lines are')} no record`],
  ] as const;
  return faults.flatMap(([found, text]) => (found > 0 ? [text] : []));
}
