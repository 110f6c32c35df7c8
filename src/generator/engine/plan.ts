/** @module The work of one thread, as plain data. */

import type {
  AnswerSettings,
  CallSettings,
  CookieSetting,
  Era,
  FlowSettings,
  LoadSettings,
  Shape,
  TaskSettings,
} from '../../profile/settings.ts';
import type { UserHeaders } from '../../profile/template/header-text.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import type { LookupLog } from '../../recording/lookup-log.ts';
import type { Recording } from '../../recording/recording.ts';
import type { SentLog } from '../../recording/sent-log.ts';
import type { Micros, Millis, PerSecond } from '../../units/time.ts';
import type { Problem } from '../../units/user-error.ts';
import type { DataRows } from '../agent/data-values.ts';
import type { ForeignServer } from '../agent/foreign-server.ts';
import type { ReplayedCall } from '../schedule/replay.ts';
import type { Health } from './health.ts';
import type { LoadAuth } from './load-auth.ts';
import type { LoadCache } from './load-cache.ts';
import type { LoadUpdate } from './load-update.ts';
import type { Progress } from './progress.ts';

/** A load against one URL. */
export interface LoadPlan {
  readonly load: LoadSettings;
  readonly calls: readonly CallSettings[];
  /** Flows of these calls, which are due beside the ones with a weight. Absent: none. */
  readonly flows?: readonly FlowSettings[];
  /** Rows that calls refer to. Absent: none. */
  readonly data?: readonly DataRows[];
  /** Set when the shape of the load is a replay: its calls. */
  readonly replay?: readonly ReplayedCall[];
  readonly url: string;
  readonly era: Era;
  /** Sent with every request. */
  readonly headers: UserHeaders;
  readonly seed: number;
  /** Whether the recording has the finer series that faults are measured by. */
  readonly fine?: boolean;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
  readonly tls: { readonly insecure: boolean; readonly caFile?: string };
  /** URL of the forward proxy on the way, with its credentials. */
  readonly proxy?: string;
  /** What is known of a server that is not built into Paceline. */
  readonly foreign?: ForeignServer;
  /** Whether the server keeps state behind handles, and says what that takes. */
  readonly keepsState?: boolean;
  /** What agents do about its cookies. */
  readonly cookies?: CookieSetting;
  /** What agents answer when a server asks for input; absent: nothing. */
  readonly answers?: AnswerSettings;
  /** What agents of the era `stateless` declare that they can do as clients. */
  readonly capabilities?: JsonObject;
  /** Absent: agents take no tasks. */
  readonly tasks?: TaskSettings;
  /** Credentials of the agents; absent: they send none but the user's headers. */
  readonly auth?: LoadAuth;
  /** Absent: the mix has no call whose result can be kept. */
  readonly cache?: LoadCache;
}

/** A load and one thread's place in it. */
export interface WorkerPlan extends LoadPlan {
  readonly worker: number;
  readonly workers: number;
}

/** A message to a thread. Both clocks count from the epoch, so that threads start together. */
export type ToWorker =
  | { readonly kind: 'plan'; readonly plan: WorkerPlan }
  | { readonly kind: 'start'; readonly atEpochMs: Millis }
  | { readonly kind: 'update'; readonly update: LoadUpdate }
  | { readonly kind: 'stop' };

/** A message from a thread. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'progress' } & Progress)
  | {
      readonly kind: 'done';
      readonly recording: Recording;
      readonly health: Health;
      readonly connections: number;
      readonly sent?: SentLog;
      readonly lookups?: LookupLog;
    }
  | { readonly kind: 'fault'; readonly problems: readonly Problem[] };

/** `total`, at least `workers`, split over `workers` as evenly as whole numbers allow. */
export function shareOf(total: number, worker: number, workers: number): number {
  return Math.floor(total / workers) + (worker < total % workers ? 1 : 0);
}

/** Whether an agent holds a session or a cache, so that one thread makes all of its calls. */
export function isResident({ era, cache }: Pick<LoadPlan, 'era' | 'cache'>): boolean {
  return era === 'sessions' || cache !== undefined;
}

/** How long the load goes on, warm-up included. */
export function spanUs(load: LoadSettings): Micros {
  return load.warmupUs + load.durationUs;
}

/** The lowest and the highest rate of a load; infinite of a closed loop, which waits for no due time. */
export function ratesOf(shape: Shape): { readonly lowest: PerSecond; readonly highest: PerSecond } {
  const most = Number.POSITIVE_INFINITY;
  if (shape.kind === 'closed') return { lowest: most, highest: most };
  if (shape.kind === 'rate') return { lowest: shape.perSecond, highest: shape.perSecond };
  // Between calls of a trace there may be any time.
  if (shape.kind === 'replay') return { lowest: 0, highest: most };
  const rates = shape.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]);
  return { lowest: Math.min(...rates), highest: Math.max(...rates) };
}
