/** @module Turns the requests and answers that pass into the lines of a trace. */
import type { ClientHead } from '../balancer/proxy/heads.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { TRACE_SCHEMA, type TracedEnd, type TraceHeader, type TraceLine } from '../trace/trace.ts';
import type { Clock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { VERSION } from '../units/version.ts';
import { Callers } from './callers.ts';
import { recordParams } from './params.ts';
import { credentialsIn, recordable } from './secrets.ts';

/** Where lines go. */
export interface LineSink {
  /** Writes the first line, once. */
  begin(header: TraceHeader): void;
  write(line: TraceLine): void;
  /** The recording is over: replaces the first line. */
  end(header: TraceHeader): void;
}

/** A JSON-RPC request that has arrived. */
export interface ArrivedCall {
  readonly head: ClientHead;
  /** Number of the client's connection. */
  readonly connection: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A call that is recorded and under way. */
export interface OpenCall {
  readonly call: number;
  readonly agent: number;
  readonly method: string;
  readonly arrivedUs: Micros;
}

/** What a recording has so far. */
export interface RecordedCounts {
  readonly calls: number;
  readonly agents: number;
  /** Calls whose parameters were too long. */
  readonly omitted: number;
  /** Calls of whose parameters something was replaced. */
  readonly hidden: number;
  /** Secrets that were removed from methods, names and parameters. */
  readonly secretsRemoved: number;
  /** Calls with a value from an earlier result. */
  readonly linked: number;
  /** Calls that have not ended. */
  readonly underWay: number;
}

/** Requests that belong to sessions and connections, and call nothing. */
const NO_CALLS: ReadonlySet<string> = new Set(['initialize', 'ping', 'logging/setLevel']);
/** Of a list, only the place where it goes on is a value that a later call needs. */
const CURSOR = 'nextCursor';

/** Writes a trace of what it is told. Whatever the sink throws, it throws. */
export class CallRecorder {
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #target: string;
  readonly #callers = new Callers();
  readonly #counts = { calls: 0, omitted: 0, hidden: 0, secretsRemoved: 0, linked: 0, ended: 0 };
  #startUs: Micros | undefined;
  #started = '';
  #header: TraceHeader | undefined;
  /** The lines before the first that shows the era; undefined: it is known. */
  #held: TraceLine[] | undefined = [];

  /** @param target - the URL of the server, without credentials and query string. */
  constructor(sink: LineSink, clock: Clock, target: string) {
    this.#sink = sink;
    this.#clock = clock;
    this.#target = target;
  }

  get counts(): RecordedCounts {
    const { ended, ...counts } = this.#counts;
    return { ...counts, agents: this.#callers.count, underWay: counts.calls - ended };
  }

  /** Records a request; undefined when it is not a call. The trace begins with the first one. */
  arrived({ head, connection, method, params }: ArrivedCall): OpenCall | undefined {
    if (NO_CALLS.has(method)) return undefined;
    const arrivedUs = Math.round(this.#clock.now());
    const { _meta, ...given } = params;
    if (this.#startUs === undefined) {
      this.#startUs = arrivedUs;
      this.#started = this.#clock.date().toISOString();
    }
    if (this.#held !== undefined && method !== 'server/discover') this.#begin(eraOf(_meta));
    const agent = this.#callers.indexOf(head, connection);
    const known = credentialsIn(head);
    const name = method === 'resources/read' ? given['uri'] : given['name'];
    const { recorded, removed } = recordParams(given, this.#callers.learnedBy(agent), known);
    const namedBy = recordable(method, known);
    const call = this.#counts.calls;
    this.#counts.calls += 1;
    if (recorded.omitted) this.#counts.omitted += 1;
    if (recorded.hidden) this.#counts.hidden += 1;
    if (recorded.refs) this.#counts.linked += 1;
    // What the method is applied to is one of the parameters, too.
    this.#counts.secretsRemoved += removed + namedBy.removed;
    this.#write({
      call,
      atUs: arrivedUs - this.#startUs,
      agent,
      method: namedBy.text,
      ...(typeof name === 'string' && { name: recordable(name, known).text }),
      ...recorded,
    });
    return { call, agent, method, arrivedUs };
  }

  /** The call has ended at `endUs`; `result`: that of its answer, if there is one. */
  ended(open: OpenCall, outcome: Outcome, endUs: Micros, result?: unknown): void {
    const { call, agent, method, arrivedUs } = open;
    this.#counts.ended += 1;
    const learned = method.endsWith('/list') ? cursorOf(result) : result;
    if (learned !== undefined) this.#callers.learnedBy(agent).learn(call, learned);
    const line: TracedEnd = { end: call, outcome, responseUs: Math.max(0, Math.round(endUs - arrivedUs)) };
    this.#write(line);
  }

  /** Ends the trace. What was held back is written: only `server/discover` was asked for, which clients of both eras do. */
  close(): void {
    if (this.#held !== undefined && this.#held.length > 0) this.#begin('stateless');
    const { secretsRemoved } = this.#counts;
    if (this.#header !== undefined) this.#sink.end({ ...this.#header, secretsRemoved });
  }

  #write(line: TraceLine): void {
    if (this.#held === undefined) this.#sink.write(line);
    else this.#held.push(line);
  }

  /** Writes the first line, and what was held back until the era was known. */
  #begin(era: TraceHeader['era']): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#header = {
      schema: TRACE_SCHEMA,
      paceline: VERSION,
      target: this.#target,
      era,
      started: this.#started,
    };
    this.#sink.begin(this.#header);
    for (const line of held) this.#sink.write(line);
  }
}

function eraOf(meta: unknown): TraceHeader['era'] {
  const version = (meta as Readonly<Record<string, unknown>> | undefined)?.[
    'io.modelcontextprotocol/protocolVersion'
  ];
  return version === undefined ? 'sessions' : 'stateless';
}

function cursorOf(result: unknown): unknown {
  const cursor = (result as Readonly<Record<string, unknown>> | undefined)?.[CURSOR];
  return cursor === undefined ? undefined : { [CURSOR]: cursor };
}
