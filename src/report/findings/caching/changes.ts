/** @module Findings about changes of the catalogue: what was still served, who was told, and calls that failed because of an old list. */
import { statisticOf } from '../../../result/measure/distribution.ts';
import { formatMicros } from '../../../units/time.ts';
import { cached, ttlsText, ttlText } from '../../caching/cached.ts';
import { type ChangeRow, changeRows, changeText, explainedMs } from '../../caching/changes.ts';
import type { Model } from '../../model.ts';
import { count, list, percentWithUnit, plural } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** Of more changes the table has the rest. */
const MOST_SENTENCES = 6;

/** Old results that no lifetime explains, and calls that failed because of old lists. */
export function staleListFaults(model: Model): readonly Finding[] {
  return [...changeRows(model).filter(isUnexplained).map(unexplained), ...failed(model)];
}

/** What callers got after each change, in each variant that kept results. */
export function changeFindings(model: Model): readonly Finding[] {
  return changeRows(model)
    .filter((row) => row.one.cache.honour && row.change.answered > 0 && !isUnexplained(row))
    .slice(0, MOST_SENTENCES)
    .map(afterwards);
}

const isUnexplained = ({ one, change: { lastOldMs } }: ChangeRow): boolean =>
  lastOldMs !== null && lastOldMs > explainedMs(one);

function unexplained({ one, change }: ChangeRow): Finding {
  const ttl = one.cache.honour ? ttlsText(one) : '';
  const because = ttl === '' ? 'although nothing was kept' : `longer than a ttlMs of ${ttl} explains`;
  return {
    tone: 'bad',
    text: `${quoted(one.name)}: ${oldText({ one, change })}, at last ${ttlText(change.lastOldMs!)} later, ${because}${exceptText({ one, change })}.`,
  };
}

/** What the profile itself asked for. */
function exceptText({ one, change }: ChangeRow): string {
  const planned = one.variant.settings.effective?.catalogueEvents?.find(
    ({ atUs, except }) => except !== undefined && Math.abs(atUs / 1000 - change.atMs) < SAME_EVENT_MS,
  );
  return planned === undefined
    ? ''
    : ` (instance ${planned.except} goes on answering as before, as the profile says)`;
}
const SAME_EVENT_MS = 500;

/** `after the change of tools at 8 s, 312 of 860 results (36 %) were still from before it`. */
const oldText = ({ change }: ChangeRow): string =>
  `after the change of ${changeText(change)}${slowText(change)}, the old version was in ${count(change.old)} of ${plural(change.answered, 'result')} (${percentWithUnit(change.old / change.answered)})`;

/** A change that takes longer says how long: what was given until then counts for neither version. */
const SLOW_US = 250_000;

const slowText = ({ confirmedUs }: ChangeRow['change']): string =>
  confirmedUs < SLOW_US ? '' : `, which reached the last instance ${formatMicros(confirmedUs)} later`;

function afterwards(row: ChangeRow): Finding {
  const { one, change } = row;
  const { old, lastOldMs } = change;
  const served =
    old === 0 || lastOldMs === null
      ? `after the change of ${changeText(change)}${slowText(change)}, no result had the old version`
      : `${oldText(row)}, at last ${ttlText(lastOldMs)} later`;
  return {
    tone: old === 0 ? 'good' : 'neutral',
    text: `${quoted(one.name)}: ${[served, ...reachedText(row), ...toldText(row)].join('; ')}.`,
  };
}

function reachedText({ change: { agents, reached, lastAgentMs } }: ChangeRow): readonly string[] {
  if (agents === 0) return [];
  if (lastAgentMs === null) {
    return [
      `${count(agents - reached)} of ${plural(agents, 'agent')} did not have the new version by the end`,
    ];
  }
  return [`the last of ${plural(agents, 'agent')} had the new version after ${ttlText(lastAgentMs)}`];
}

function toldText({ one, change: { notify, fanOut } }: ChangeRow): readonly string[] {
  if (!notify) return ['the servers told nobody'];
  if (one.cache.subscriptions === null) return ['no agent held a stream on which it would have been told'];
  const p50Us = fanOut && statisticOf(fanOut, 'p50Us');
  if (fanOut === null || p50Us === null) return [];
  return [
    `${plural(fanOut.count, 'notification')} reached agents, after ${formatMicros(p50Us)} at the median and ${formatMicros(fanOut.maxUs)} at most`,
  ];
}

function failed(model: Model): readonly Finding[] {
  const some = cached(model).filter(({ cache }) => cache.failedByStaleList > 0);
  if (some.length === 0) return [];
  const each = some.map(({ name, cache }) => `${plural(cache.failedByStaleList, 'call')} of ${quoted(name)}`);
  return [
    {
      tone: 'bad',
      text: `Because the list of their agent was older than the catalogue, calls of tools failed: ${list(each)}.`,
    },
  ];
}
