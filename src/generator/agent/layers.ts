/** @module Which layers an agent has. */

import type {
  AnswerSettings,
  CallSettings,
  CookieSetting,
  Era,
  TaskSettings,
} from '../../profile/settings.ts';
import { sharedHeaders } from '../../profile/template/header-text.ts';
import { MismatchTally, mismatches } from '../../recording/measure/mismatches.ts';
import { PageTally, pages } from '../../recording/measure/pages.ts';
import { RoundTally, rounds } from '../../recording/measure/rounds.ts';
import { SessionTally, sessions } from '../../recording/measure/sessions.ts';
import type { Tallies } from '../../recording/measure/tallies.ts';
import { TaskTally, tasks } from '../../recording/measure/tasks.ts';
import { type After, after } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';
import { answeringLayer } from './answering.ts';
import { cacheLayer } from './cache-layer.ts';
import type { CacheSharing } from './cache-sharing.ts';
import type { Layer } from './caller.ts';
import { cookieLayer } from './cookies.ts';
import { type CredentialsOptions, credentialsLayer } from './credentials-layer.ts';
import { type EncodersOptions, encodersOf } from './encoders.ts';
import type { ForeignServer } from './foreign-server.ts';
import { mirroringLayer } from './mirroring.ts';
import { ownHeadersLayers } from './own-headers.ts';
import { OwnIds } from './own-request.ts';
import { pageEncoders, pagesLayer } from './pages.ts';
import { resumingLayer } from './resuming.ts';
import { roundsLayer } from './rounds.ts';
import { sessionLayer } from './session.ts';
import { SessionLog } from './session-log.ts';
import { filterFor, type SubscriptionOptions, subscriptionOptions } from './subscription.ts';
import { taskLayer } from './task-layer.ts';
import type { TaskLimit } from './task-limit.ts';
import { TASK_ANSWERS, TaskRequests } from './task-requests.ts';

/** The tasks of a load. */
interface TaskFollowing {
  readonly settings: TaskSettings;
  readonly limit: TaskLimit;
  /** The time of day at a time of the load's clock. */
  readonly epochMsOf: (us: Micros) => Millis;
}

/** The layers of agent number `agent`, from the driver up. */
export type LayersOf = (agent: number) => readonly Layer[];

/** What layers need. */
export interface LayersOptions extends EncodersOptions {
  readonly era: Era;
  /** The mix of calls: only a list that is read to its last page needs a layer for it. */
  readonly calls: readonly CallSettings[];
  readonly now: () => Micros;
  /** Coarse timers; those of the machine when absent. */
  readonly after?: After;
  /** How long a call may take. */
  readonly timeoutUs: Micros;
  /** Absent: a built-in server, for which an agent needs fewer layers. */
  readonly foreign?: ForeignServer | undefined;
  /** What agents do about the cookies of a foreign server; without it, they drop them. */
  readonly cookies?: CookieSetting | undefined;
  /** What agents answer when a server of the era `stateless` asks for input; absent: nothing. */
  readonly answers?: AnswerSettings | undefined;
  /** Absent: agents take no tasks. */
  readonly tasks?: TaskFollowing | undefined;
  /** Tokens and proofs; absent: agents send none. */
  readonly credentials?: CredentialsOptions | undefined;
  /** Absent: the mix has no call whose result can be kept. */
  readonly cache?: CacheSharing | undefined;
  /** Where layers count what the sample of a call does not hold, such as lost sessions. Absent: the counts are not read. */
  readonly tallies?: Tallies;
}

/** The layers that `options` ask for. */
export function layersOf(options: LayersOptions): LayersOf {
  const ownHeadersOf = ownHeadersLayers(options.headers);
  const credentialsOf = withCredentials(options);
  const eraLayers = options.era === 'sessions' ? withSessions(options) : stateless(options);
  const { foreign } = options;
  const roundsOf = withRounds(options);
  const cacheOf = withCache(options);
  const pagesOf = withPages(options);
  const tasksOf = withTasks(options);
  const keepsCookies =
    foreign !== undefined && options.cookies === 'keep' && !hasHeader(options.headers, 'cookie');
  return (agent) => {
    const ids = new OwnIds();
    return [
      ...ownHeadersOf(agent),
      ...credentialsOf(agent),
      ...(keepsCookies ? [cookieLayer(agent === 0 ? foreign?.session?.setCookies : [])] : []),
      ...eraLayers(agent, ids),
      ...roundsOf(ids),
      ...tasksOf(ids),
      ...cacheOf(agent, ids),
      ...pagesOf(ids),
    ];
  };
}

function withRounds(options: LayersOptions): (ids: OwnIds) => readonly Layer[] {
  const { answers: settings, now, tallies, era } = options;
  if (settings === undefined || era === 'sessions') return () => [];
  const shared = { settings, now, after: options.after ?? after };
  const tally = tallies?.of(rounds) ?? new RoundTally();
  return (ids) => [roundsLayer({ ...shared, ids, tally })];
}

function withPages(options: LayersOptions): (ids: OwnIds) => readonly Layer[] {
  if (options.calls.every((call) => call.pages !== 'all')) return () => [];
  const tally = options.tallies?.of(pages) ?? new PageTally();
  const encoders = pageEncoders(encodersOf(options));
  return (ids) => [pagesLayer({ encoders, ids, tally })];
}

function withTasks(options: LayersOptions): (ids: OwnIds) => readonly Layer[] {
  const { tasks: following, headers, capabilities = {}, now, tallies, seed } = options;
  if (following === undefined) return () => [];
  const requests = { headers: sharedHeaders(headers), capabilities };
  const shared = {
    ...following,
    now,
    after: options.after ?? after,
    tally: tallies?.of(tasks) ?? new TaskTally(),
    rules: TASK_ANSWERS,
    seed,
  };
  return (ids) => [taskLayer({ ...shared, requests: new TaskRequests(requests, ids) })];
}

function withCache(options: LayersOptions): EraLayers {
  const { cache: sharing, now } = options;
  if (sharing === undefined) return () => [];
  const encoders = pageEncoders(encodersOf(options));
  const subscription = subscriptionOf(options, sharing);
  return (agent, ids) => [cacheLayer({ sharing, now, encoders, ids, agent, subscription })];
}

/** Only what is kept can become stale, and only the stateless era has such streams. */
function subscriptionOf(options: LayersOptions, sharing: CacheSharing): SubscriptionOptions | undefined {
  const { calls, era, now, timeoutUs } = options;
  const { subscriptions: tally } = sharing.tally;
  const filter = sharing.cacheOptions !== undefined && era === 'stateless' ? filterFor(calls) : undefined;
  if (filter === undefined || tally === undefined) return undefined;
  return subscriptionOptions(filter, sharedHeaders(options.headers), {
    now,
    after: options.after ?? after,
    timeoutUs,
    tally,
  });
}

function withCredentials({ credentials }: LayersOptions): (agent: number) => readonly Layer[] {
  return credentials === undefined ? () => [] : (agent) => [credentialsLayer(credentials, agent)];
}

type EraLayers = (agent: number, ids: OwnIds) => readonly Layer[];

/** With a built-in server there is nothing to do between a call and the wire. */
function stateless(options: LayersOptions): EraLayers {
  const { foreign, tallies } = options;
  if (foreign === undefined) return () => [];
  const layer = mirroringLayer(foreign.tools, tallies?.of(mismatches) ?? new MismatchTally());
  const encode = encodersOf(options)({ method: 'tools/list' });
  return (_, ids) => [layer({ encode, ids })];
}

function withSessions(options: LayersOptions): EraLayers {
  const { now, timeoutUs, tallies, foreign } = options;
  const headers = sharedHeaders(options.headers);
  const log = new SessionLog(tallies?.of(sessions) ?? new SessionTally());
  const shared = { headers, now, log, timeoutUs, after: options.after ?? after };
  if (foreign === undefined) return (_, ids) => [sessionLayer(shared, { ids })];
  return (agent, ids) => [
    answeringLayer(shared),
    resumingLayer(shared),
    sessionLayer(shared, { ids, opened: agent === 0 ? foreign.session : undefined }),
  ];
}

const hasHeader = (headers: LayersOptions['headers'], name: string): boolean =>
  Object.keys(headers).some((each) => each.toLowerCase() === name);
