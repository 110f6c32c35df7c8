/** @module The answer about sessions: the share of calls that they lose, and what it costs to lose none. */
import type { Measured, Model } from '../../model.ts';
import { list } from '../../wording.ts';
import { quoted } from '../finding.ts';
import { shareLost } from '../lost.ts';
import { pairText } from '../pair.ts';

/** What a way of keeping sessions may cost beside lost calls. */
const TIMES = ['responseTime.p50Us', 'responseTime.p99Us'];

/** Undefined of variants of one era, or without a call lost with its session. */
export function sessionsAnswer(model: Model): string | undefined {
  const { measured } = model;
  const kept = measured.filter(({ variant }) => variant.settings.era === 'sessions');
  const losing = kept.filter(({ summary }) => summary.calls.lostShare > 0);
  if (losing.length === 0 || kept.length === measured.length) return undefined;
  const lost = list(losing.map((one) => `${quoted(one.name)} lost ${shareLost(one)}`));
  const whole = kept.filter((one) => !losing.includes(one)).flatMap((one) => costOf(model, one) ?? []);
  return `${[lost, ...whole].join('; ')}.`;
}

/** `“sessions, sticky” lost none; against “stateless”: worse in p50 response time (1.40x [1.20, 1.60])`. */
function costOf(model: Model, one: Measured): string | undefined {
  const pairs = model.pairs.filter(
    ({ candidate, comparison }) => candidate === one && comparison.alike && TIMES.includes(comparison.metric),
  );
  const none = `${quoted(one.name)} lost none`;
  const [first] = pairs;
  return first === undefined
    ? none
    : `${none}; against ${quoted(first.base.name)}: ${pairText(model, pairs)}`;
}
