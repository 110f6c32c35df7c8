/** @module The table of measures. A new one is one file and one line here, and its quantity in `result/measure`. */
import { connectionWait } from './connection-wait.ts';
import type { Measure } from './measure.ts';
import { pages } from './pages.ts';
import { sessions } from './sessions.ts';

export const MEASURES: readonly Measure[] = [sessions, connectionWait, pages];
