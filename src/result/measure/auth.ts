/** @module The quantity `auth`: what the check of every call costs, whether it decides right, and how long it keeps saying yes. */
import { audit } from '../../recording/measure/audit.ts';
import { auth as measure } from '../../recording/measure/auth.ts';
import type { AuthCounts } from '../../recording/measure/auth-counts.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import { decisionFigures, decisionMatrix, wrongByInstance } from './auth-decisions.ts';
import { eventFigures, staleFigures } from './auth-events.ts';
import { AuthFigures } from './auth-figures.ts';
import { AUTH_METRICS } from './auth-metrics.ts';
import { sizingFigures } from './auth-sizing.ts';
import { type Distribution, distribution } from './distribution.ts';
import type { PartTimes, Quantity } from './quantity.ts';

/** Null without times. */
function timesOf(series: AuthCounts['check']): Distribution | null {
  return series.count === 0 ? null : distribution(series);
}

/** Those with times, by name. */
function distributionsOf(all: Readonly<Record<string, AuthCounts['check']>>): Record<string, Distribution> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, series]) =>
      series.count === 0 ? [] : [[name, distribution(series)]],
    ),
  );
}

/** The figures of one recording. What takes other variants or several repetitions is filled in by `comparison/auth-conclusions.ts`. */
function figuresOf(recording: Recording, counts: AuthCounts): AuthFigures {
  const { measuredUs, repetitions = 1 } = recording;
  const events = counts.events.map((event) => eventFigures(event, { measuredUs, repetitions }));
  return {
    mode: counts.mode,
    check: timesOf(counts.check),
    policy: timesOf(counts.policy),
    handler: timesOf(counts.handler),
    added: null,
    refusals: distributionsOf(counts.refusals),
    byUse: distributionsOf(counts.byUse),
    decisions: decisionFigures(counts),
    matrix: [...decisionMatrix(counts.cells)],
    wrongByInstance: [...wrongByInstance(counts.cells)],
    ...staleFigures(events),
    events,
    audit: countsOf(recording, audit) ?? null,
    sizing: sizingFigures(recording),
    estimates: [],
    disagreements: [],
    shareOfCall: null,
    callsPerCoreSecondLost: null,
    coreSecondsPerMillion: null,
  };
}

const part = (key: 'check' | 'policy' | 'handler', word: string, absent: string): PartTimes<AuthFigures> => ({
  key,
  word,
  series: (recording) => countsOf(recording, measure)?.[key],
  read: (figures) => figures[key],
  absent,
});

/** Absent of loads without identities and without a check. */
export const auth: Quantity<'auth', AuthFigures | undefined> = {
  name: 'auth',
  schema: AuthFigures.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts && figuresOf(recording, counts);
  },
  metrics: AUTH_METRICS,
  parts: [
    { ...part('check', 'auth', 'no answer says how long its check took'), fromServer: true },
    part('policy', 'auth_policy', 'no answer says how long its policy took'),
    part('handler', 'auth_handler', 'no answer says how long its tool took'),
  ],
};
