import { describe } from 'vitest';
import { guardedCases } from './guarded.case.ts';
import { guardedAppCases } from './guarded-apps.case.ts';
import { GuardedBed } from './guarded-bed.case.ts';
import { guardedModeCases } from './guarded-modes.case.ts';
import { guardedSessionCases } from './guarded-sessions.case.ts';

describe.each([
  { server: 'lean', era: 'stateless' },
  { server: 'lean', era: 'sessions' },
  { server: 'sdk', era: 'stateless' },
  { server: 'sdk', era: 'sessions' },
] as const)('the guarded server $server of the era $era', (settings) => {
  const bed = new GuardedBed(settings);
  guardedCases(bed);
  guardedModeCases(bed);
  if (bed.inSessions) guardedSessionCases(bed);
  else guardedAppCases(bed);
});
