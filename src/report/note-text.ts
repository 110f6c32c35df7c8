/** @module How the notes of a trial read. The only place that words them. */
import { describeExit } from '../process/exit.ts';
import type { BusyThreadNote, ExitNote, Note, ReadLagNote, SendLagNote } from '../result/note.ts';
import { formatMicros } from '../units/time.ts';
import { listOf } from '../units/words.ts';
import { warmupText } from './load-text.ts';
import { plural } from './wording.ts';

/** A note in words, which may quote several lines of output. */
export function noteText(note: Note): string {
  switch (note.kind) {
    case 'exited': {
      const output = note.output === '' ? '' : `; last lines of output: ${note.output}`;
      return `${processOf(note)} ${describeExit(note)} during the run${output}`;
    }
    case 'instances-unnamed':
      return `no answer has the header ${note.header}, so owner hits and balance are unknown (see target.instanceHeader)`;
    case 'ids-as-text':
      return 'the answers repeat a numeric id as text; official clients accept that, and so do the agents';
    case 'redirected':
      return `${note.from} redirects; the load went to ${note.to} directly, so that a call is one request`;
    case 'cookies':
      return note.kept
        ? 'cookies were set, and each agent sent its own back (agents.cookies: keep)'
        : 'cookies were set, and the agents dropped them (agents.cookies: drop)';
    case 'instances-unknown':
      return `the instances are unknown, and with them owner hits and balance: ${note.header} does not tell them apart (${note.value})`;
    case 'no-sessions':
      return 'the server gives no session id: there are no sessions to lose, and sticky routes as round-robin does';
    case 'other-requests':
      return `beside calls and handshakes, agents ${otherRequests(note)}`;
    case 'list-pages':
      return `lists have several pages: ${plural(note.lists, 'call')} took ${plural(note.pages, 'request')} (calls[].pages)`;
    case 'event-without-instance': {
      const which = note.number === undefined ? 'no instance' : `no instance ${note.number}`;
      return `${note.event} found ${which} in service`;
    }
    case 'event-failed': {
      const where = note.instance === undefined ? '' : ` at instance ${note.instance}`;
      return `${note.event}${where} failed: ${note.reason}`;
    }
    case 'tokens-not-renewed':
      return `the tokens of ${plural(note.agents, 'agent')} expired during the load: ${note.reason ?? 'nothing renews them (identities[].refresh), so calls were refused rightly'}`;
    case 'inspection-failed':
      return `cache hints were not inspected before the load: ${note.reason}`;
    case 'send-lag':
      return `${lagText('send lag', note)}; ${causeText(note)}`;
    case 'read-lag':
      return `${lagText('estimated read lag', note)}: ${lateText(note)}`;
    case 'busy-thread':
      return busyText(note);
    case 'stopped':
      return `a load thread stood still for ${formatMicros(note.stoppedUs)} of the ${formatMicros(note.measuredUs)} that were measured, and a closed loop makes no calls meanwhile: ${ROOM}`;
    case 'pool-grew':
      return `${note.from === 1 ? 'the only connection was not' : `none of the ${note.from} connections was`} free for some calls, so further ones were opened: up to ${note.to}${note.to >= note.limit ? ', as many as load.maxConnections allows' : ''}`;
    case 'warming-up':
      return `still warming up: p50 was ${formatMicros(note.firstUs)} in the first second and ${formatMicros(note.lastUs)} at the end; raise load.warmup (${warmupText(note.warmupUs)})`;
  }
}

function otherRequests({ reopened, resumed, answered }: Extract<Note, { kind: 'other-requests' }>): string {
  return listOf([
    ...(reopened > 0 ? [`opened ${plural(reopened, 'GET stream')} again that the server had ended`] : []),
    ...(resumed > 0 ? [`reconnected ${plural(resumed, 'time')} to a stream closed before its answer`] : []),
    ...(answered > 0 ? [`answered ${plural(answered, 'request')} of the server`] : []),
  ]);
}

const PROCESSES: Readonly<Record<ExitNote['part'], string>> = {
  fleet: 'the fleet',
  balancer: 'the balancer',
  authority: 'the authorization server',
  store: 'the store that instances share',
};

/** `instance 2`, `the balancer`. */
export function processOf({ part, instance }: ExitNote): string {
  return instance === undefined ? PROCESSES[part] : `instance ${instance}`;
}

function lagText(name: string, { percentile, lagUs, responseUs }: SendLagNote | ReadLagNote): string {
  const part = Math.round((100 * lagUs) / Math.max(1, responseUs));
  return `${name} p${percentile} is ${formatMicros(lagUs)}, ${part} % of the response time p${percentile} (${formatMicros(responseUs)})`;
}

const ROOM = 'leave the machine more room, or lower the load';

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** It waited for a core for a notable part of the time: more workers would not help. */
const isShortOfCores = ({ coreWait = 0 }: ThreadShares): boolean => coreWait >= 0.05;

type ThreadShares = Pick<ReadLagNote, 'cpu' | 'coreWait'>;

const sharesText = ({ cpu, coreWait = 0 }: ThreadShares): string =>
  `a load thread ran ${percent(cpu)} of the time and waited ${percent(coreWait)} for a core`;

function lateText(note: ReadLagNote): string {
  const late = 'came late to answers that were there';
  return isShortOfCores(note)
    ? `${sharesText(note)}, and ${late}; ${ROOM}`
    : `a load thread, ${percent(note.cpu)} busy, ${late}; lower the load, raise load.workers, or leave the machine more room`;
}

function busyText(note: BusyThreadNote): string {
  const answered = `${Math.round(note.achievedPerSecond)} of ${Math.round(note.offeredPerSecond)} calls/s were answered`;
  return isShortOfCores(note)
    ? `${sharesText(note)}, and ${answered}: ${ROOM}`
    : `a load thread was ${percent(note.cpu)} busy, and ${answered}: lower the load, raise load.workers, or ask for smaller answers`;
}

function causeText({ cause, cpu, coreWait, connections }: SendLagNote): string {
  switch (cause) {
    case 'thread-busy':
      return `a load thread was ${percent(cpu)} busy: lower the load or raise load.workers`;
    case 'no-core':
      return coreWait === undefined
        ? `the load thread did not get a core in time: ${ROOM}`
        : `a load thread waited for a core for ${percent(coreWait)} of the time: ${ROOM}`;
    case 'unknown':
      return `a load thread came late to calls that were due, and was ${percent(cpu)} busy: ${ROOM}`;
    case 'connections-busy':
      return `calls waited for one of ${connections} busy connections: raise load.connections, or lower the load to what the server can take`;
  }
}
