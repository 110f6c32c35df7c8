/** @module What followed each change of rights: how long instances still allowed what was no longer allowed. */
import type { AuthEventCounts, StaleInstance } from '../../recording/measure/auth-counts.ts';
import type { Micros } from '../../units/time.ts';
import type { AuthFigures } from './auth-figures.ts';

type EventFigures = AuthFigures['events'][number];

const STEP_MS = 100;

/** Repetitions that were added up, and the measured time of all of them together. */
export interface MeasuredTime {
  readonly measuredUs: Micros;
  readonly repetitions: number;
}

/** The figures of one change of rights. */
export function eventFigures(event: AuthEventCounts, time: MeasuredTime): EventFigures {
  const { kind, atUs, confirmedUs, calls, instances, steps } = event;
  const observedUs = Math.max(0, time.measuredUs / time.repetitions - atUs - confirmedUs);
  const reached = instances.filter(({ allowed, denied }) => allowed + denied > 0);
  const resolutionUs =
    calls === 0 || reached.length === 0
      ? null
      : Math.round((observedUs * time.repetitions * reached.length) / calls);
  const lastUs = Math.max(0, ...reached.map(({ lastAllowedUs }) => lastAllowedUs ?? 0));
  return {
    kind,
    atMs: Math.round(atUs / 1000),
    confirmedUs: Math.round(confirmedUs),
    agents: Math.round(event.agents / time.repetitions),
    staleWindowUs: reached.length === 0 ? null : Math.round(lastUs),
    resolutionUs,
    staleAllowed: reached.reduce((sum, { allowed }) => sum + allowed, 0),
    open: reached.some((instance) => isOpen(instance, observedUs, resolutionUs)),
    instances: instances.map(instanceFigures),
    steps: steps.map(({ step, allowed, denied }) => ({ atMs: step * STEP_MS, allowed, denied })),
  };
}

/** An instance that refused none answers the next call 5 mean distances later with a probability of 1 % only (Poisson). */
const DISTANCES = 5;

/** Whether the last call that an instance allowed is as good as its last one, so that it may have allowed more after the end. */
function isOpen(
  { lastAllowedUs, denied }: StaleInstance,
  observedUs: Micros,
  resolutionUs: Micros | null,
): boolean {
  if (lastAllowedUs === null || resolutionUs === null) return false;
  return observedUs - lastAllowedUs <= (denied === 0 ? DISTANCES : 1) * resolutionUs;
}

function instanceFigures({
  name,
  allowed,
  denied,
  lastAllowedUs,
}: StaleInstance): EventFigures['instances'][number] {
  const staleWindowUs = allowed + denied === 0 ? null : Math.round(lastAllowedUs ?? 0);
  return { name, staleWindowUs, allowed, denied };
}

/** The longest window of all events and the calls allowed in them; null without an event that can show one. */
export function staleFigures(
  events: readonly EventFigures[],
): Pick<AuthFigures, 'staleWindowUs' | 'staleAllowed'> {
  const known = events.flatMap(({ staleWindowUs, staleAllowed }) =>
    staleWindowUs === null ? [] : [{ staleWindowUs, staleAllowed }],
  );
  if (known.length === 0) return { staleWindowUs: null, staleAllowed: null };
  return {
    staleWindowUs: Math.max(...known.map(({ staleWindowUs }) => staleWindowUs)),
    staleAllowed: known.reduce((sum, { staleAllowed }) => sum + staleAllowed, 0),
  };
}
