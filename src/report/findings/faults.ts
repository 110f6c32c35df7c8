/** @module Findings about faults: what failed after each, and how long. */

import { meanOf } from '../../result/comparison/bootstrap.ts';
import type { ResultDocument, Spread } from '../../result/document.ts';
import { type FaultRow, faultRows, spreadCell } from '../fault-table.ts';
import { figure, list, percentWithUnit, unitShare } from '../wording.ts';
import { isLeaning, isMoved } from './balance.ts';
import { type Finding, quoted } from './finding.ts';

/** More would bury the other findings; the table has them all. */
const MOST_SENTENCES = 6;

const DEEDS: Readonly<Record<string, string>> = {
  kill: 'killing',
  add: 'adding',
  pause: 'pausing',
  drain: 'draining',
  restart: 'replacing',
  slow: 'slowing',
};

/** From this share on, calls that failed before a fault tell that others need not be its doing. */
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

/** What failed when no fault had come yet. */
function before({ one: { variant }, fault }: FaultRow): readonly string[] {
  const shares = variant.repetitions.flatMap(({ faults = [] }) => faults[0]?.failedBefore ?? []);
  const share = shares.length === 0 ? 0 : meanOf(shares);
  if (share < NOTABLE_BEFORE || (fault.callsFailed?.max ?? 0) === 0) return [];
  const first = variant.faults![0] === fault ? 'it' : 'the first fault';
  return [`before ${first}, ${percentWithUnit(share)} of the calls failed already`];
}

function errors({ fault: { callsFailed, errorsStopMs } }: FaultRow): readonly string[] {
  if ((callsFailed?.max ?? 0) === 0) return [];
  if (errorsStopMs === null) return ['errors did not stop within the run'];
  return [`errors stopped after ${spreadCell(errorsStopMs, 1000, 'never')} s`];
}

/** How it reads when the load was even from the first second on. */
const AT_ONCE: Readonly<Record<string, string>> = {
  kill: 'the others shared the load evenly at once',
  drain: 'the others shared the load evenly at once',
  pause: 'the load stayed even',
  slow: 'the load stayed even',
};

function balance({ fault: { kind, rebalanceMs } }: FaultRow): string {
  if (rebalanceMs === null) {
    return kind === 'add'
      ? 'the load was never even again, the new instance stayed (nearly) idle'
      : 'there was no second of even load before the next fault or the end';
  }
  if (rebalanceMs.max === 0 && rebalanceMs.never === 0) return AT_ONCE[kind] ?? 'the load was even at once';
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
  const failed = list([counted(fault.callsFailed, 'call', ['failed', 'failed']), ...lost]);
  const deed = `${DEEDS[fault.kind] ?? fault.kind} ${instances(row)} at ${figure(fault.atMs / 1000)} s`;
  const parts = [failed + untilWhen(row), ...before(row), list([...errors(row), balance(row), ...tail(row)])];
  const text = `${quoted(one.name)}: after ${deed}, ${[...parts, ...leaning(row)].join('; ')}.`;
  return { tone: (fault.callsFailed?.max ?? 0) === 0 ? 'good' : 'bad', text };
}

/** What bounds the count where another fault comes after. */
function untilWhen({ one: { variant }, fault }: FaultRow): string {
  return variant.faults!.at(-1) === fault ? '' : ' until the next fault';
}

/** Load that leans because instances came and went is told with the first fault, not as a warning. */
function leaning({ one, fault }: FaultRow): readonly string[] {
  const { jain } = one.summary.balance;
  if (one.variant.faults![0] !== fault || !isLeaning(one) || !isMoved(one)) return [];
  return [
    `over the whole run, in which not all instances always served, the Jain index is ${unitShare(jain)}`,
  ];
}

/** How many were struck, of how many there were at the start. */
function instances({ one: { variant }, fault }: FaultRow): string {
  const struck = variant.repetitions
    .flatMap(({ faults = [] }) => faults)
    .find(({ kind }) => kind === fault.kind);
  const number = struck === undefined ? 1 : struck.instance.split(', ').length;
  if (fault.kind === 'add') return number === 1 ? 'an instance' : `${number} instances`;
  return `${number === 1 ? 'one' : number} of ${variant.settings.instances ?? 'the'} instances`;
}

export function faultFindings(document: ResultDocument): readonly Finding[] {
  return faultRows(document).slice(0, MOST_SENTENCES).map(sentence);
}
