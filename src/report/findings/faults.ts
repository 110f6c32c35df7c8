/** @module Findings about injected faults: what failed after each, and how long. */
import type { Spread } from '../../result/document.ts';
import type { EventKind } from '../../testbed/events/kind.ts';
import { eventKind } from '../../testbed/events/kinds.ts';
import type { Model } from '../model.ts';
import { type FaultRow, faultRows, hasFailures, spreadCell } from '../table/faults.ts';
import { count, figure, list, moment, percentWithUnit, unitShare } from '../wording.ts';
import { isLeaning, isMoved } from './balance.ts';
import { type Finding, quoted } from './finding.ts';

/** More would bury the other findings; the table has them all. */
const MOST_SENTENCES = 6;

/** From this share on, calls that failed before a fault show that it need not be the cause of those that failed after it. */
const NOTABLE_BEFORE = 0.01;

/** `31 [20, 42] calls failed`, `no session was lost`. */
function counted(
  spread: Spread | null,
  one: string,
  fate: readonly [singular: string, plural: string],
): string {
  if (spread === null || spread.max === 0) return `no ${one} ${fate[0]}`;
  const isOne = spread.min === 1 && spread.max === 1;
  return `${spreadCell(spread, 1, '')} ${isOne ? `${one} ${fate[0]}` : `${one}s ${fate[1]}`}`;
}

/** Calls that failed, apart from those that were under way at the end of the measured time and failed after it. */
function failures({ fault: { callsFailed, failedLater = null } }: FaultRow): readonly string[] {
  if (failedLater === null) return [counted(callsFailed, 'call', ['failed', 'failed'])];
  const [within, later] = ['failed within the measured time', 'failed after it'];
  return [counted(callsFailed, 'call', [within, within]), counted(failedLater, 'call', [later, later])];
}

/** What failed before the first fault. */
function before({ one: { variant }, fault }: FaultRow): readonly string[] {
  const share = variant.faults![0]!.failedBefore?.mean ?? 0;
  if (share < NOTABLE_BEFORE || !hasFailures(fault)) return [];
  const first = variant.faults![0] === fault ? 'it' : 'the first fault';
  return [`before ${first}, ${percentWithUnit(share)} of the calls failed already`];
}

function errors({ fault }: FaultRow): readonly string[] {
  if (!hasFailures(fault)) return [];
  if (fault.errorsStopMs === null) return ['errors did not stop within the run'];
  return [`errors stopped after ${spreadCell(fault.errorsStopMs, 1000, 'never')} s`];
}

/** How it reads when the load was even from the first second on. */
const AT_ONCE: Readonly<Record<EventKind['serving'], string>> = {
  leave: 'the others shared the load evenly at once',
  join: 'the load was even at once',
  replace: 'the load was even at once',
  stay: 'the load stayed even',
};

function balance({ fault: { kind, rebalanceMs } }: FaultRow): string {
  const serving = eventKind(kind)?.serving ?? 'replace';
  if (rebalanceMs === null) {
    return serving === 'join'
      ? 'the load was never even again, the new instance stayed (nearly) idle'
      : 'there was no second of even load before the next fault or the end';
  }
  if (rebalanceMs.max === 0 && rebalanceMs.never === 0) return AT_ONCE[serving];
  return `the load was even after ${spreadCell(rebalanceMs, 1000, 'never')} s`;
}

function tail({ fault: { p99DuringUs } }: FaultRow): readonly string[] {
  return p99DuringUs === null
    ? []
    : [`the p99 response time was ${figure(p99DuringUs.mean / 1000)} ms meanwhile`];
}

function sentence(row: FaultRow): Finding {
  const { one, fault } = row;
  const lost =
    one.summary.sessions === null ? [] : [counted(fault.sessionsLost, 'session', ['was lost', 'were lost'])];
  const refused =
    (fault.handles ?? null) === null
      ? []
      : [counted(fault.handlesRefused ?? null, 'handle', ['was refused', 'were refused'])];
  const failed = list([...failures(row), ...lost, ...refused]);
  const doing = eventKind(fault.kind)?.doing ?? fault.kind;
  const event = `${doing} ${instances(row)} at ${moment(fault.atMs)}`;
  const parts = [failed + untilWhen(row), ...before(row), list([...errors(row), balance(row), ...tail(row)])];
  const text = `${quoted(one.name)}: after ${event}, ${[...parts, ...leaning(row)].join('; ')}.`;
  return { tone: hasFailures(fault) ? 'bad' : 'good', text };
}

/** Where another fault follows, the count ends there. */
function untilWhen({ one: { variant }, fault }: FaultRow): string {
  return variant.faults!.at(-1) === fault ? '' : ' until the next fault';
}

/** Load that is uneven because not all instances always served is reported with the first fault, not as a warning. */
function leaning({ one, fault }: FaultRow): readonly string[] {
  const { jain } = one.summary.balance;
  if (one.variant.faults![0] !== fault || !isLeaning(one) || !isMoved(one)) return [];
  return [
    `over the whole run, in which not all instances always served, the Jain index is ${unitShare(jain)}`,
  ];
}

/** How many instances it was injected into, of how many there were before it; of an older result, which ones. */
function instances({ one: { variant }, fault }: FaultRow): string {
  const index = variant.faults!.indexOf(fault);
  const [effect] = variant.repetitions.flatMap(({ faults = [] }) => faults[index] ?? []);
  if (effect !== undefined && effect.instances === undefined) return `instance ${effect.instance}`;
  const number = effect?.instances?.length ?? 1;
  if (eventKind(fault.kind)?.serving === 'join') return number === 1 ? 'an instance' : `${number} instances`;
  const all = effect?.inService ?? variant.settings.instances ?? 'the';
  return `${number === 1 ? 'one' : number} of ${all} instances`;
}

export function faultFindings(model: Model): readonly Finding[] {
  const rows = faultRows(model);
  return [...rows.slice(0, MOST_SENTENCES).map(sentence), ...others(rows.slice(MOST_SENTENCES))];
}

/** What has no sentence of its own. */
function others(rows: readonly FaultRow[]): readonly Finding[] {
  if (rows.length === 0) return [];
  const names = [...new Set(rows.map(({ one }) => quoted(one.name)))];
  const failing = rows.filter(({ fault }) => hasFailures(fault)).length;
  const failed = failing === 0 ? 'no call failed' : `calls failed after ${count(failing)} of these faults`;
  const effects = rows.length === 1 ? 'effect of a fault is' : 'effects of faults are';
  const text = `Of ${list(names)}, ${count(rows.length)} more ${effects} in the table alone: ${failed}.`;
  return [{ tone: failing === 0 ? 'good' : 'bad', text }];
}
