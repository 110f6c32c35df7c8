/** @module The table of quantities, in the order of columns. A new one is one file and one line here. */
import type { z } from 'zod';
import { auth } from './auth.ts';
import { balance } from './balance.ts';
import { cache } from './cache.ts';
import { calls } from './calls.ts';
import { connectionWait } from './connection-wait.ts';
import { connections } from './connections.ts';
import { fleetCpu } from './fleet-cpu.ts';
import { flows } from './flows.ts';
import { mismatches } from './mismatches.ts';
import { pages } from './pages.ts';
import type { Quantity } from './quantity.ts';
import { rate } from './rate.ts';
import { replay } from './replay.ts';
import { resources } from './resources.ts';
import { rounds } from './rounds.ts';
import { sessions } from './sessions.ts';
import { slowest } from './slowest.ts';
import { state } from './state.ts';
import { tasks } from './tasks.ts';
import { okResponseTime, responseTime, sendLag, serviceTime } from './times.ts';

export const QUANTITIES = [
  calls,
  responseTime,
  okResponseTime,
  rate,
  sessions,
  balance,
  sendLag,
  connectionWait,
  serviceTime,
  pages,
  mismatches,
  rounds,
  flows,
  fleetCpu,
  auth,
  cache,
  state,
  connections,
  slowest,
  resources,
  tasks,
  replay,
] as const;

/** What functions take that work on any table of quantities. */
export type Quantities = readonly Quantity[];

type Known = (typeof QUANTITIES)[number];

/** The figures of an added quantity may be undefined: then a summary, as an earlier version wrote it, needs no key for them. */
type SchemaOf<One extends Quantity> =
  undefined extends z.output<One['schema']>
    ? z.ZodOptional<z.ZodType<Exclude<z.output<One['schema']>, undefined>>>
    : One['schema'];

/** The schema of each quantity's figures, by its name: their part of a summary's schema. */
export const FIGURES = Object.fromEntries(QUANTITIES.map(({ name, schema }) => [name, schema])) as {
  readonly [One in Known as One['name']]: SchemaOf<One>;
};
