/** @module Makes each call of each variant once, to check that the server understands it before a load is run. */
import type { Driver, RawAnswer } from '../driver/driver.ts';
import { loadDriver } from '../driver/drivers.ts';
import { type Agents, createAgents } from '../generator/agent/agents.ts';
import type { CallEnd } from '../generator/agent/caller.ts';
import { declaredBy } from '../generator/agent/capabilities.ts';
import { credentialsOf } from '../generator/agent/credentials-layer.ts';
import { type DataRows, DataValues } from '../generator/agent/data-values.ts';
import { planFlows } from '../generator/engine/flow-plan.ts';
import { FlowRun, StepRun } from '../generator/engine/flow-run.ts';
import type { Arrival } from '../generator/schedule/schedule.ts';
import type { Profile, Settings, Variant } from '../profile/settings.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Request } from '../protocol/request.ts';
import { partsOf } from '../testbed/parts.ts';
import type { Preparation } from '../testbed/preparation.ts';
import type { TlsOptions } from '../testbed/probe.ts';
import { startTestbed, type Testbed } from '../testbed/testbed.ts';
import { epochMs, systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { DataFiles } from './data-files.ts';
import { preflight } from './preflight.ts';

export interface OnceOptions {
  readonly profile: Profile;
  /** The seed of the arguments. */
  readonly seed: number;
  /** How connections to an `https:` target are verified. */
  readonly tls: TlsOptions['tls'];
  /** Is told how far the start of the testbed of a variant is with what takes long. */
  readonly onPreparing?: (preparation: Preparation, variant: string) => void;
  /** Ends everything at once. */
  readonly signal?: AbortSignal;
}

/** One request and its answer as sent over the wire; `answer` is absent when none was received. */
interface Exchange {
  readonly request: Request;
  readonly answer?: RawAnswer;
}

/** A call of a variant: how it ended, or that its flow did not reach it. */
export type TriedCall = MadeCall | UnreachedCall;

interface NamedCall {
  readonly variant: string;
  /** Its name in results: `tools/call echo`. */
  readonly call: string;
}

/** A call that was made once. */
export interface MadeCall extends NamedCall {
  readonly kind: 'made';
  readonly outcome: Outcome;
  readonly detail: string | undefined;
  readonly serviceTimeUs: Micros;
  readonly servedBy: string | undefined;
  /** All exchanges made for the call, including a handshake, in order. */
  readonly exchanges: readonly Exchange[];
  /** Names, in lower case, of request headers with a value that must not be shown. */
  readonly secretHeaders: readonly string[];
}

/** A call of a flow that was not made, because an earlier one did not end `ok`. */
interface UnreachedCall extends NamedCall {
  readonly kind: 'not-reached';
  /** The name of the earlier one. */
  readonly after: string;
}

/**
 * Makes each call of each variant once, one after the other, and yields how it ended: the single calls, then the flows without think time. A
 * flow ends at its first call that fails, and the others of it are yielded as not reached. `signal` ends it at once; the call under way is
 * not yielded. Throws a `UserError` when the testbed of a variant cannot be started or reached.
 */
export async function* tryCalls(options: OnceOptions): AsyncGenerator<TriedCall, void, void> {
  const { profile, seed, tls, onPreparing, signal } = options;
  const data = new DataFiles();
  await preflight(profile.variants, undefined, data);
  refuseReplays(profile);
  for (const variant of profile.variants) {
    if (signal?.aborted) return;
    const starting = startTestbed(partsOf(variant.settings, seed, { tls }), {
      signal,
      onPreparing: (preparation) => onPreparing?.(preparation, variant.name),
    });
    const testbed = await starting.catch((error: unknown) => {
      if (signal?.aborted) return undefined;
      throw error;
    });
    if (testbed === undefined) return;
    try {
      yield* tryVariant(variant, testbed, await data.rowsOf(variant.settings), options);
    } finally {
      await testbed.stop();
    }
  }
}

/** A call of a trace may need the result of another one. */
function refuseReplays({ variants }: Profile): void {
  if (variants.every(({ settings }) => settings.load.shape.kind !== 'replay')) return;
  const todo = 'run the replay, for a short load.duration';
  throw new UserError({ where: 'load.replay', what: 'a trace has no calls to try once', todo });
}

async function* tryVariant(
  { name, settings }: Variant,
  { endpoint, credentials }: Testbed,
  rows: readonly DataRows[],
  { seed, tls, signal }: OnceOptions,
): AsyncGenerator<TriedCall, void, void> {
  const { url, era, headers, proxy, foreign, caFile } = endpoint;
  const { http } = settings.load;
  const log = new ExchangeLog();
  const create = await loadDriver('undici');
  const driver = log.around(
    create({
      url,
      connections: 1,
      timeoutUs: settings.load.timeoutUs,
      checkIds: settings.load.checkIds,
      clock: systemClock,
      instanceHeader: settings.endpoint.instanceHeader,
      tls: caFile === undefined ? tls : { ...tls, caFile },
      ...(http && { http }),
      ...(proxy !== undefined && { proxy }),
      onAnswer: log.onAnswer,
    }),
  );
  const onAbort = (): void => void driver.close();
  signal?.addEventListener('abort', onAbort);
  const agents = createAgents({
    era,
    calls: settings.calls,
    seed,
    driver,
    // Every call has the first row.
    data: rows.length > 0 ? new DataValues(rows, seed, settings.calls.length) : undefined,
    headers,
    now: () => systemClock.now(),
    measureFromUs: 0,
    timeoutUs: settings.load.timeoutUs,
    foreign,
    cookies: settings.agents.cookies,
    answers: settings.agents.answers,
    capabilities: declaredBy(settings.agents),
    ...(credentials && {
      credentials: credentialsOf({ auth: credentials.auth, seed, worker: 0, workers: 1, epochMs }),
    }),
  });
  try {
    const nameOf = (call: number): string => settings.calls[call]!.name;
    for await (const once of eachOnce(settings, agents, signal)) {
      const named = { variant: name, call: nameOf(once.call) };
      if ('after' in once) {
        yield { kind: 'not-reached', ...named, after: nameOf(once.after) };
        continue;
      }
      const { end } = once;
      const { outcome, detail, servedBy, doneUs } = end;
      const exchanges = log.take(end.status !== 0);
      yield {
        kind: 'made',
        ...named,
        outcome,
        detail,
        servedBy,
        serviceTimeUs: doneUs - (end.begunUs ?? end.sentUs),
        exchanges,
        secretHeaders: settings.endpoint.secretHeaders ?? [],
      };
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await agents.close();
    await driver.close();
  }
}

/** A call, by its index in the mix, and how it ended; or after which other one its flow had ended. */
type Once =
  | { readonly call: number; readonly end: CallEnd }
  | { readonly call: number; readonly after: number };

async function* eachOnce(
  { calls, flows = [] }: Settings,
  agents: Agents,
  signal: AbortSignal | undefined,
): AsyncGenerator<Once, void, void> {
  const make = (call: number, saved?: Arrival['saved'], keepBody = false): Promise<CallEnd> =>
    new Promise((resolve) => {
      const arrival = { call, agent: 0, seq: call, dueUs: 0, saved };
      agents.of(0).call(arrival, (valid) => resolve({ ...valid }), undefined, keepBody);
    });
  for (const [call, { weight }] of calls.entries()) {
    if (weight === 0) continue;
    const end = await make(call);
    if (signal?.aborted) return;
    yield { call, end };
  }
  for (const [index, plan] of planFlows(flows).entries()) {
    const run = new FlowRun(index, plan, { call: calls.length + index, agent: 0, seq: 0, dueUs: 0 }, 0);
    const repeated = new Set<number>();
    for (const group of plan.groups) {
      // Calls in parallel do not depend on each other.
      const { failure } = run;
      for (const planned of group.calls) {
        const { call, save } = planned;
        if (repeated.has(call)) continue;
        repeated.add(call);
        if (failure !== undefined) {
          yield { call, after: failure.call };
          continue;
        }
        const end = new StepRun(run, planned, run.agent).ended(await make(call, run.saved, save.length > 0));
        if (signal?.aborted) return;
        yield { call, end };
      }
    }
  }
}

/** Collects the exchanges of a driver until they are taken. */
class ExchangeLog {
  #exchanges: Exchange[] = [];
  readonly onAnswer = (request: Request, answer: RawAnswer): void => {
    const at = this.#exchanges.findIndex((exchange) => exchange.request === request);
    if (at >= 0) this.#exchanges[at] = { request, answer };
  };

  around(driver: Driver): Driver {
    return {
      send: (request, onReply, keepBody, onMessage) => {
        this.#exchanges.push({ request });
        driver.send(request, onReply, keepBody, onMessage);
      },
      open: (request, listener) => driver.open(request, listener),
      warm: () => driver.warm(),
      mostConnections: () => driver.mostConnections(),
      close: () => driver.close(),
    };
  }

  /**
   * The exchanges so far. With `answered`, the call has had its answer: what is still open was begun after it (a new session in place
   * of a lost one) and is left for the next call.
   */
  take(answered: boolean): readonly Exchange[] {
    const belongs = ({ answer }: Exchange): boolean => !answered || answer !== undefined;
    const taken = this.#exchanges.filter(belongs);
    this.#exchanges = this.#exchanges.filter((exchange) => !belongs(exchange));
    return taken;
  }
}
