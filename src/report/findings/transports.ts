/** @module Findings about what calls travel over: what TLS costs, what HTTP/2 costs or saves, and what opening a connection takes. */
import { statisticOf } from '../../result/measure/distribution.ts';
import { everyCalls } from '../load-text.ts';
import { hasInterval, type Model, type Pair } from '../model.ts';
import {
  differInTransport,
  isSecure,
  loses,
  lostConnections,
  reconnects,
  speaksHttp2,
  type Transported,
  transported,
} from '../transport/transports.ts';
import { count, interval, millisWithUnit, percentWithUnit, plural, ratio } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

const RESPONSE = 'responseTime.p50Us';
const HANDSHAKE = 'connections.handshake.p50Us';

/** Nothing where there is nothing to say of connections. */
export function transportFindings(model: Model): readonly Finding[] {
  const all = transported(model);
  return [
    ...model.pairs.flatMap((pair) => comparedFinding(pair, all) ?? []),
    ...all.filter((one) => isSecure(one) && reconnects(one)).map(coldFinding),
    ...all.flatMap((one) => mixedFinding(one) ?? []),
    ...all.filter(loses).map(lostFinding),
  ];
}

/** What a pair says of transports; undefined where it differs in anything else, or does not compare like with like. */
function comparedFinding(pair: Pair, all: readonly Transported[]): Finding | undefined {
  const { comparison } = pair;
  const [base, candidate] = [pair.base, pair.candidate].map((side) =>
    all.find(({ place }) => place === side.place),
  );
  if (base === undefined || candidate === undefined || !comparison.alike) return undefined;
  if (!differInTransport(base, candidate)) return undefined;
  if (comparison.metric === HANDSHAKE) return neutral(handshakeText(pair, base, candidate));
  const what = comparison.metric === RESPONSE ? changeOf(base, candidate) : undefined;
  return what === undefined ? undefined : neutral(responseText(what, pair));
}

/** The only thing in which the transports of two variants differ, as the subject of a sentence; undefined of several. */
function changeOf(base: Transported, candidate: Transported): string | undefined {
  const changes = [
    ...(isSecure(base) === isSecure(candidate) ? [] : [isSecure(candidate) ? 'TLS' : 'Plain TCP']),
    ...(speaksHttp2(base) === speaksHttp2(candidate) ? [] : [speaksHttp2(candidate) ? 'HTTP/2' : 'HTTP/1.1']),
    ...(reconnects(base) === reconnects(candidate)
      ? []
      : [reconnects(candidate) ? connectionsText(candidate) : 'Kept connections']),
  ];
  return changes.length === 1 ? changes[0] : undefined;
}

function connectionsText({ variant }: Transported): string {
  return `A new connection ${everyCalls(variant.settings.effective?.load.perConnection ?? 1)}`;
}

/** `TLS: p50 response time of “tls” 1.20 ms against 1.00 ms of “plain” (1.20x [1.15, 1.26]).` */
function responseText(what: string, pair: Pair): string {
  const { base, candidate } = pair;
  const [from, to] = [base, candidate].map(({ summary }) => statisticOf(summary.responseTime, 'p50Us') ?? 0);
  const times = `${millisWithUnit(to!)} against ${millisWithUnit(from!)}`;
  const sides = `in ${quoted(candidate.name)} against ${quoted(base.name)}`;
  return `${what} ${verb(pair)} ${sides}: p50 response time ${times}${ratioText(pair)}.`;
}

function verb({ comparison: { verdict } }: Pair): string {
  if (verdict === 'same') return 'makes no difference that matters';
  if (verdict === 'undecided') return 'makes no difference that is certain';
  return verdict === 'worse' ? 'costs time' : 'saves time';
}

function handshakeText(pair: Pair, base: Transported, candidate: Transported): string {
  const [from, to] = [base, candidate].map(({ connections }) => connections.handshake!.p50Us);
  return `Handshakes of TLS under load: p50 ${millisWithUnit(to!)} in ${quoted(candidate.name)} (${resumedText(candidate)}) against ${millisWithUnit(from!)} in ${quoted(base.name)} (${resumedText(base)})${ratioText(pair)}.`;
}

/** What opening a connection took under load. */
function coldFinding(one: Transported): Finding {
  const { connect, handshake, measured } = one.connections;
  return neutral(
    `A connection of ${quoted(one.name)} that was opened under load took ${millisWithUnit(connect.p50Us)} until TCP was up and ${millisWithUnit(handshake!.p50Us)} more for the handshake of TLS (p50 of ${plural(measured, 'connection')}, ${resumedText(one)}).`,
  );
}

/** Of a new connection per call: how many calls had one that was opened before the measured time, and so waited for none. */
function mixedFinding(one: Transported): Finding | undefined {
  const { variant, summary, connections } = one;
  const warm = summary.calls.sent - connections.measured;
  if (variant.settings.effective?.load.perConnection !== 1 || !reconnects(one) || warm <= 0) return undefined;
  return neutral(
    `${quoted(one.name)}: ${plural(connections.measured, 'connection')} for ${plural(summary.calls.sent, 'call')} ${connections.measured === 1 ? 'was' : 'were'} opened in the measured time; ${count(warm)} went over connections that were open before, and the response times are of both together.`,
  );
}

/** Connections that ended by themselves. */
function lostFinding(one: Transported): Finding {
  const { connect, handshake } = one.connections;
  const tls = handshake === null ? '' : ` and ${millisWithUnit(handshake.p50Us)} for TLS`;
  return {
    tone: 'warning',
    text: `${quoted(one.name)}: connections did not last. ${plural(lostConnections(one), 'connection')} ${lostConnections(one) === 1 ? 'was' : 'were'} opened in the measured time in place of others that had ended, for ${plural(one.summary.calls.sent, 'call')}. Each took ${millisWithUnit(connect.p50Us)}${tls} (p50), which is part of the response time of its call.`,
  };
}

function resumedText({ connections: { resumedShare } }: Transported): string {
  if (resumedShare === 0) return 'no session resumed';
  return resumedShare === 1 ? 'all sessions resumed' : `${percentWithUnit(resumedShare ?? 0)} resumed`;
}

/** ` (1.20x [1.15, 1.26])`; without an interval what is missing for it. */
function ratioText(pair: Pair): string {
  if (hasInterval(pair)) {
    const { ratio: at, ciLow, ciHigh } = pair.comparison;
    return ` (${ratio(at)}x ${interval(ciLow, ciHigh)})`;
  }
  return pair.comparison.because === 'too-few-repetitions'
    ? ', with too few repetitions for an interval'
    : '';
}

const neutral = (text: string): Finding => ({ tone: 'neutral', text });
