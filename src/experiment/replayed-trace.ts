/** @module A trace as a load: its calls as kinds of calls and arrivals, and what of it is not made again. */
import { createHash } from 'node:crypto';
import type { ReplayedCall, ReplayedRef } from '../generator/schedule/replay.ts';
import { MOST_AGENTS } from '../profile/section/load.ts';
import type { CallSettings, Profile, ReplayShape, Settings } from '../profile/settings.ts';
import { LIST_METHODS } from '../protocol/caching/methods.ts';
import { openTrace } from '../trace/read.ts';
import type { TracedCall } from '../trace/trace.ts';
import { DAY, type Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';

/** Most kinds of calls: results have figures for each. */
const MOST_KINDS = 1000;
/** A call is due before the load ends. */
const AFTER_LAST: Micros = 1000;
const DIGEST_DIGITS = 12;
const WHERE = 'load.replay';

/** The calls of a trace that are made. */
interface Replay {
  readonly kinds: readonly CallSettings[];
  readonly calls: readonly ReplayedCall[];
  readonly agents: number;
  readonly leftOut: ReplayShape['leftOut'];
  /** The first hexadecimal digits of the SHA-256 of all calls of the trace. */
  readonly digest: string;
}

/** `profile` with the calls, the agents and the time of the traces that its variants replay. Throws a {@link UserError} for a trace that cannot be replayed. */
export function withTraces(profile: Profile): Profile {
  const replays = new Map<string, Replay>();
  const replayAt = (path: string): Replay => {
    const replay = replays.get(path) ?? replayOf(path);
    replays.set(path, replay);
    return replay;
  };
  const notices = new Set(profile.notices);
  const variants = profile.variants.map((one) => {
    const { shape } = one.settings.load;
    if (shape.kind !== 'replay') return one;
    const replay = replayAt(shape.trace);
    if (replay.calls.at(-1)!.atUs / shape.speed >= DAY) notices.add(longNotice(shape, replay));
    return { ...one, settings: withTrace(one.settings, shape, replay) };
  });
  return { ...profile, variants, notices: [...notices] };
}

/** Said of a trace that lasts longer than a load may. */
function longNotice({ trace, speed }: ReplayShape, { calls }: Replay): string {
  const wholeUs = calls.at(-1)!.atUs / speed;
  const within = calls.filter(({ atUs }) => atUs / speed < DAY).length;
  return `${WHERE}: the last call of ${trace} comes after ${Math.round(wholeUs / DAY)} days, and a load lasts 24 h at most: ${calls.length - within} of ${calls.length} calls lie beyond it and are not made; if the times are right, set a higher load.speed`;
}

/** The calls of the trace that `settings` replay; undefined when they replay none. Throws a {@link UserError} when the trace is another one than when the profile was read. */
export function replayedCalls(settings: Settings): readonly ReplayedCall[] | undefined {
  const { shape } = settings.load;
  if (shape.kind !== 'replay') return undefined;
  const { calls, digest } = replayOf(shape.trace);
  if (digest === shape.digest) return calls;
  const what = `${shape.trace} has changed since the profile was read`;
  throw new UserError({ where: WHERE, what, todo: 'end the recording before the run' });
}

function withTrace(
  { load, identities, ...settings }: Settings,
  shape: ReplayShape,
  { kinds, calls, agents, leftOut, digest }: Replay,
): Settings {
  const { speed } = shape;
  const lastUs = calls.at(-1)!.atUs / speed;
  const durationUs = Math.min(load.durationUs, Math.ceil(lastUs) + AFTER_LAST);
  return {
    ...settings,
    calls: kinds,
    identities: identities.map((one) => ({ ...one, agents })),
    load: {
      ...load,
      agents,
      durationUs,
      shape: {
        ...shape,
        digest,
        calls: calls.filter(({ atUs }) => atUs / speed < durationUs).length,
        leftOut,
      },
    },
  };
}

/** Reads the trace at `path`. */
function replayOf(path: string): Replay {
  const { header, lines } = openTrace(path, MOST_AGENTS);
  const reader = new TraceReader(header.era === 'sessions');
  let read = lines.next();
  for (; !read.done; read = lines.next()) if ('call' in read.value) reader.take(read.value);
  const endsWithinCall = read.value;
  if (endsWithinCall) reader.leaveOut('calls that are not complete in the trace');
  const replay = reader.replay();
  if (replay.calls.length === 0)
    throw new UserError({ where: WHERE, what: `${path} has no call that can be made again` });
  if (replay.kinds.length > MOST_KINDS) {
    const what = `${path} has ${replay.kinds.length} kinds of calls (methods with what they are applied to)`;
    throw new UserError({ where: WHERE, what, expected: `at most ${MOST_KINDS}` });
  }
  return replay;
}

/** Takes in the calls of a trace, in their order. */
class TraceReader {
  readonly #inSessions: boolean;
  readonly #kinds = new Map<string, { readonly index: number; readonly call: CallSettings; calls: number }>();
  readonly #calls: ReplayedCall[] = [];
  /** Numbers in the replay, by those in the trace. */
  readonly #numbers = new Map<number, number>();
  readonly #leftOut = new Map<string, number>();
  /** Lists of which the trace has later pages: agents read them to their last page. */
  readonly #paged = new Set<string>();
  readonly #hash = createHash('sha256');
  #agents = 0;

  constructor(inSessions: boolean) {
    this.#inSessions = inSessions;
  }

  take(traced: TracedCall): void {
    const { call, atUs, agent, method, params = {} } = traced;
    this.#hash.update(JSON.stringify(traced));
    const reason = this.#reason(traced);
    if (reason !== undefined) {
      this.leaveOut(reason);
      return;
    }
    const refs = (traced.refs ?? []).map(
      ({ call: from, ...ref }): ReplayedRef => ({ ...ref, seq: this.#numbers.get(from)! }),
    );
    this.#numbers.set(call, this.#calls.length);
    this.#agents = Math.max(this.#agents, agent + 1);
    const kind = this.#kindOf(method, traced.name);
    this.#calls.push({
      atUs,
      agent,
      call: kind,
      params: ownParams(method, params),
      ...(refs.length > 0 && { refs }),
    });
  }

  /** `reason`: the plural of what is left out. */
  leaveOut(reason: string): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1);
  }

  /** What it took in; once. */
  replay(): Replay {
    const kinds = [...this.#kinds.values()].map(
      ({ call, calls: weight }): CallSettings => ({
        ...call,
        weight,
        ...(isList(call.method) && { pages: this.#paged.has(call.method) ? 'all' : 'first' }),
      }),
    );
    const leftOut = [...this.#leftOut].map(([reason, calls]) => ({ reason, calls }));
    const digest = this.#hash.digest('hex').slice(0, DIGEST_DIGITS);
    return { kinds, calls: this.#calls, agents: this.#agents, leftOut, digest };
  }

  /** Why a call is not made again, as the plural of what it is; undefined when it is made. */
  #reason({ method, params = {}, refs = [], hidden = [], omitted }: TracedCall): string | undefined {
    if (omitted !== undefined) return 'calls with parameters that are not in the trace';
    if (isList(method) && 'cursor' in params) {
      this.#paged.add(method);
      return 'later pages of lists';
    }
    if ('inputResponses' in params || 'requestState' in params) return 'retries after a server asked back';
    if (method.startsWith('tasks/')) return 'calls of tasks';
    if (method === 'subscriptions/listen') return 'subscriptions';
    if (method === 'server/discover' && this.#inSessions) return 'server/discover before a session';
    if (hidden.length > 0) return 'calls with values that are hidden in the trace';
    if (refs.some(({ to }) => to === '/uri' || to === '/name')) return 'calls applied to what a result named';
    if (refs.some(({ call }) => !this.#numbers.has(call)))
      return 'calls that need the result of one left out';
    return undefined;
  }

  #kindOf(method: string, subject: string | undefined): number {
    const key = JSON.stringify([method, subject]);
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      known.calls += 1;
      return known.index;
    }
    const index = this.#kinds.size;
    this.#kinds.set(key, { index, call: callOf(method, subject), calls: 1 });
    return index;
  }
}

const isList = (method: string): boolean => LIST_METHODS.some((list) => list === method);

/** The parameters that are not part of the kind of a call. */
function ownParams(method: string, params: ReplayedCall['params']): ReplayedCall['params'] {
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
      return { arguments: params['arguments'] ?? {} };
    case 'resources/read':
      return {};
    default:
      return params;
  }
}

/** A kind of calls of which the trace has one. */
function callOf(method: string, subject = ''): CallSettings {
  const weight = 1;
  switch (method) {
    case 'tools/call':
      return { name: `${method} ${subject}`, method, tool: subject, weight };
    case 'prompts/get':
      return { name: `${method} ${subject}`, method, prompt: subject, weight };
    case 'resources/read':
      // Braces are no template here.
      return { name: `${method} ${subject}`, method, uri: subject.replaceAll('{{', '\\{{'), weight };
    default:
      return { name: method, method, weight };
  }
}
