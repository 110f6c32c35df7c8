import { describe } from 'vitest';
import { guardedCases } from './guarded.case.ts';

describe.each([
  { server: 'lean', era: 'stateless' },
  { server: 'lean', era: 'sessions' },
  { server: 'sdk', era: 'stateless' },
  { server: 'sdk', era: 'sessions' },
] as const)('the guarded server $server of the era $era', (settings) => guardedCases(settings));
