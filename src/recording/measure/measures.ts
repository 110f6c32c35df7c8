/** @module The table of measures. A new one is one file and one line here, and its quantity in `result/measure`. */
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import { authority } from './authority.ts';
import { balancerCpu } from './balancer-cpu.ts';
import { cache } from './cache.ts';
import { cacheReplay } from './cache-replay.ts';
import { connectionWait } from './connection-wait.ts';
import { connections } from './connections.ts';
import { fleetCpu } from './fleet-cpu.ts';
import { flows } from './flows.ts';
import type { Measure } from './measure.ts';
import { mismatches } from './mismatches.ts';
import { pages } from './pages.ts';
import { replay } from './replay.ts';
import { resources } from './resources.ts';
import { rounds } from './rounds.ts';
import { sessions } from './sessions.ts';
import { slowest } from './slowest.ts';
import { state } from './state.ts';
import { tasks } from './tasks.ts';

export const MEASURES: readonly Measure[] = [
  sessions,
  connectionWait,
  connections,
  slowest,
  pages,
  mismatches,
  flows,
  rounds,
  auth,
  fleetCpu,
  balancerCpu,
  resources,
  authority,
  audit,
  cache,
  cacheReplay,
  state,
  replay,
  tasks,
];
