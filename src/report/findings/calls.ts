/** @module Findings about single variants: calls lost with their sessions, other failures, calls never sent, uneven load. */
import { answered, OUTCOMES, type Outcome } from '../../protocol/outcome.ts';
import { type Distribution, statisticOf } from '../../result/measure/distribution.ts';
import type { Measured, Model } from '../model.ts';
import {
  count,
  figure,
  list,
  millisWithUnit,
  percentWithUnit,
  plain,
  plural,
  shorten,
  unitShare,
} from '../wording.ts';
import { isLeaning, isMoved } from './balance.ts';
import { connectionLimit, isLimitedByConnections } from './connection-limit.ts';
import { type Finding, quoted } from './finding.ts';
import { lost } from './lost.ts';

/** More than this many sentences of one kind are summed up in one. */
const MOST_SENTENCES = 4;
const LONGEST_DETAIL = 80;
/** Told elsewhere, or no failure of the target: Paceline itself ended a call when the run was stopped. */
const NO_FAILURES: readonly Outcome[] = ['ok', 'session-lost', 'aborted'];

/** With credentials, whether a refusal is right is judged by the findings about authorization. */
const REFUSALS: readonly Outcome[] = ['unauthorized', 'forbidden'];

/** Outcomes of failed calls other than `session-lost`, most frequent first. */
function failuresOf({ summary }: Measured): readonly (readonly [Outcome, number])[] {
  const { outcomes, misuseRefused = {} } = summary.calls;
  return (Object.entries(outcomes) as [Outcome, number][])
    .map(([outcome, calls]) => [outcome, calls - (misuseRefused[outcome] ?? 0)] as const)
    .filter(([outcome, calls]) => calls > 0 && !NO_FAILURES.includes(outcome))
    .filter(([outcome]) => summary.auth === undefined || !REFUSALS.includes(outcome))
    .sort((a, b) => b[1] - a[1]);
}

function failed(one: Measured): Finding {
  const failures = failuresOf(one);
  const { calls } = one.summary;
  const [kind] = failures[0]!;
  const known = calls.details.find(({ outcome }) => outcome === kind);
  const what = known === undefined ? '' : detailText(known, calls.failed);
  const kinds = failures.slice(0, 3).map(([outcome, ended]) => `${outcome} ${count(ended)}`);
  const ways = calls.lostShare > 0 ? ' in other ways' : '';
  const refused = REFUSALS.some((outcome) => (calls.outcomes[outcome] ?? 0) > 0);
  if (one.summary.auth !== undefined && refused) {
    return {
      tone: 'bad',
      text: `${quoted(one.name)}: beside refusals, calls failed: ${list(kinds)}${what}.`,
    };
  }
  return {
    tone: 'bad',
    text: `${quoted(one.name)}: ${count(calls.failed)} of ${plural(calls.due, 'call')} (${percentWithUnit(calls.failedShare)}) failed${ways}: ${list(kinds)}${what}.`,
  };
}

/** `, “ECONNREFUSED”` where all failed calls ended so, otherwise how many did. */
function detailText({ detail, count: ended }: { detail: string; count: number }, failed: number): string {
  if (detail === '') return '';
  const said = `“${shorten(plain(detail), LONGEST_DETAIL)}”`;
  return ended >= failed ? `, ${said}` : `; for example ${said} (${plural(ended, 'call')})`;
}

function dropped(one: Measured): Finding {
  const { due, shares } = one.summary.calls;
  // A late generator's calls that are due and not sent yet count towards the limit, too.
  const isLate = one.variant.repetitions.some(({ generator }) => generator.bound);
  const why = isLate
    ? 'because the load generator was late, and as many as load.maxInFlight allows were due or under way'
    : 'because as many as load.maxInFlight allows were under way';
  return {
    tone: 'bad',
    text: `${quoted(one.name)}: ${percentWithUnit(shares.dropped ?? 0)} of the ${plural(due, 'call')} due were never sent, ${why}.`,
  };
}

function allOk(one: Measured): Finding {
  const { calls, responseTime, balance, sessions } = one.summary;
  const spread =
    balance.jain === null || Object.keys(one.summary.byInstance).length < 2
      ? []
      : [`Jain index of the load ${unitShare(balance.jain)}`];
  const owner =
    sessions && sessions.ownerHitRate !== null
      ? [`owner hits ${percentWithUnit(sessions.ownerHitRate)}`]
      : [];
  // Times that the generator shaped are not the server's.
  const shaped = one.variant.caveats.some(({ kind }) => kind !== 'failed-calls');
  const times = shaped ? [] : tailOf(responseTime);
  const figures = [...times, ...owner, ...spread];
  return {
    tone: 'good',
    text: `${quoted(one.name)}: ${endedText(calls)}${figures.length > 0 ? `; ${list(figures)}` : ''}.`,
  };
}

/** How calls ended of which none failed. */
function endedText({ ok, outcomes, misuse = 0 }: Measured['summary']['calls']): string {
  const { aborted = 0 } = outcomes;
  const others = [
    ...(misuse === 0
      ? []
      : [
          `${count(misuse)} with the handle of another agent ${misuse === 1 ? 'was' : 'were'} refused, as ${misuse === 1 ? 'it' : 'they'} should be`,
        ]),
    ...(aborted === 0
      ? []
      : [
          `${count(aborted)} that had no answer yet when the run was stopped ${aborted === 1 ? 'was' : 'were'} aborted`,
        ]),
  ];
  const all = `${plural(ok, 'call')} ended ok`;
  return others.length === 0 ? `all ${all}` : `${all}, and ${list(others)}`;
}

/** The highest percentile that is given in a sentence, or of few calls the longest time. */
function tailOf(responseTime: Distribution): readonly string[] {
  const p99 = statisticOf(responseTime, 'p99Us');
  if (p99 !== null) return [`p99 response time ${millisWithUnit(p99)}`];
  return responseTime.count === 0 ? [] : [`longest response time ${millisWithUnit(responseTime.maxUs)}`];
}

function uneven(one: Measured): Finding {
  const { jain, maxOverMean } = one.summary.balance;
  return {
    tone: 'warning',
    text: `${quoted(one.name)}: the load was uneven, the busiest instance took ${(maxOverMean ?? 1).toFixed(2)} times the mean (Jain index ${unitShare(jain)}).`,
  };
}

function behind({ name, summary: { rate, calls } }: Measured): Finding {
  const { offeredPerSecond, achievedPerSecond } = rate;
  const isAnswered = OUTCOMES.some((outcome) => answered(outcome) && (calls.outcomes[outcome] ?? 0) > 0);
  // Answers to calls of the warm-up count in the achieved rate (docs/decisions/0003-achieved-rate.md).
  if (!isAnswered && achievedPerSecond > 0) {
    return {
      tone: 'bad',
      text: `${quoted(name)} fell behind: none of the ${figure(offeredPerSecond)} calls due per second of the measured time was answered. The ${figure(achievedPerSecond)} answers per second within it are to calls of the warm-up.`,
    };
  }
  const none = isAnswered && calls.ok === 0 ? ' None of the calls due in that time ended ok.' : '';
  return {
    tone: 'bad',
    text: `${quoted(name)} fell behind: ${figure(achievedPerSecond)} of the ${figure(offeredPerSecond)} calls due per second were answered within the measured time.${none}`,
  };
}

interface Kind {
  readonly holds: (one: Measured) => boolean;
  readonly say: (one: Measured) => Finding;
  /** What `n of m variants` did, when there are too many to name. */
  readonly together: string;
  /** The share whose range is given with it. */
  readonly share?: (one: Measured) => number;
}

const KINDS: readonly Kind[] = [
  {
    holds: (one) => one.summary.calls.lostShare > 0,
    say: lost,
    together: 'lost calls with their sessions',
    share: ({ summary }) => summary.calls.lostShare,
  },
  { holds: (one) => failuresOf(one).length > 0, say: failed, together: 'had calls that failed' },
  { holds: (one) => one.summary.calls.dropped > 0, say: dropped, together: 'had calls that were never sent' },
  { holds: ({ variant }) => variant.fellBehind, say: behind, together: 'fell behind the rate' },
  {
    holds: isLimitedByConnections,
    say: connectionLimit,
    together: 'had calls that mostly waited for one of load.maxConnections connections',
  },
  {
    // A call that should have been refused is no success.
    holds: ({ summary: { calls, auth, state } }) =>
      calls.ok > 0 &&
      calls.errors === 0 &&
      (auth?.decisions.wrongAllow ?? 0) === 0 &&
      (state?.stolen === undefined || state.stolen.refused === state.stolen.calls),
    say: allOk,
    together: 'had no failed call',
  },
  {
    holds: (one) => isLeaning(one) && !isMoved(one),
    say: uneven,
    together: 'loaded their instances unevenly',
  },
];

function say(kind: Kind, measured: readonly Measured[]): readonly Finding[] {
  const found = measured.filter(kind.holds);
  if (found.length <= MOST_SENTENCES) return found.map(kind.say);
  const { tone } = kind.say(found[0]!);
  const all =
    found.length === measured.length ? `All ${measured.length}` : `${found.length} of ${measured.length}`;
  const shares = kind.share ? found.map(kind.share) : [];
  const range =
    shares.length > 0
      ? ` (${percentWithUnit(Math.min(...shares))} to ${percentWithUnit(Math.max(...shares))} of their calls)`
      : '';
  return [{ tone, text: `${all} variants ${kind.together}${range}; the table of results has them.` }];
}

export const callFindings = ({ measured }: Model): readonly Finding[] =>
  KINDS.flatMap((kind) => say(kind, measured));
