/** @module Findings about faults: what each cost, and how long. */
import type { ResultDocument, Spread } from '../../result/document.ts';
import { type FaultRow, faultRows, spreadCell } from '../fault-table.ts';
import { figure, list } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** More would bury the other findings; the table has them all. */
const MOST_SENTENCES = 6;

const DEEDS: Readonly<Record<string, string>> = {
  kill: 'Killing',
  add: 'Adding',
  pause: 'Pausing',
  drain: 'Draining',
  restart: 'Replacing',
  slow: 'Slowing',
};

/** `31 [20, 42] calls`. */
function cost(spread: Spread | null, one: string): string {
  if (spread === null || spread.max === 0) return `no ${one}`;
  return `${spreadCell(spread, 1, '')} ${spread.min === 1 && spread.max === 1 ? one : `${one}s`}`;
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
  const lost = one.summary.sessions === null ? [] : [cost(fault.sessionsLost, 'session')];
  const costs = list([cost(fault.callsFailed, 'call'), ...lost]);
  const deed = `${DEEDS[fault.kind] ?? fault.kind} ${instances(row)} at ${figure(fault.atMs / 1000)} s`;
  const text = `${quoted(one.name)}: ${deed} cost ${costs}; ${list([...errors(row), balance(row), ...tail(row)])}.`;
  return { tone: (fault.callsFailed?.max ?? 0) === 0 ? 'good' : 'bad', text };
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
