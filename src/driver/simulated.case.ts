/** @module A driver without a wire, on a virtual clock: tests say how long calls take and how they end. */
import type { Outcome } from '../protocol/outcome.ts';
import type { Request } from '../protocol/request.ts';
import type { StreamPosition } from '../protocol/sse.ts';
import type { Clock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import type { Driver, OpenStream, Reply, StreamListener } from './driver.ts';

/** How the simulated server treats one request. */
export interface Treatment {
  /** From the sending. */
  readonly takesUs: Micros;
  /** How long the request waits for a connection before it is sent. Default 0. */
  readonly connectionWaitUs?: Micros;
  readonly outcome?: Outcome;
  readonly detail?: string;
  /** Of a JSON-RPC error. */
  readonly code?: number;
  readonly status?: number;
  readonly servedBy?: string;
  readonly sessionId?: string;
  readonly serverTiming?: string;
  readonly body?: string;
  readonly setCookies?: readonly string[];
  /** The stream ends before the answer, and can be continued here. */
  readonly resume?: StreamPosition;
  /** Messages on the stream before the answer. */
  readonly messages?: readonly string[];
}

/** The driver and what was sent through it. */
export interface SimulatedDriver extends Driver {
  readonly sent: readonly { readonly atUs: Micros; readonly request: Request }[];
  readonly streams: readonly SimulatedStream[];
}

/** A stream that was opened; a test may end it, or send messages on it. */
interface SimulatedStream {
  readonly request: Request;
  readonly listener: StreamListener;
  closed: boolean;
}

/** A driver with as many connections as it needs. `treat` is asked at the moment of sending. */
export function simulatedDriver(
  clock: Clock,
  treat: (request: Request, atUs: Micros) => Treatment,
): SimulatedDriver {
  const sent: { atUs: Micros; request: Request }[] = [];
  const streams: SimulatedStream[] = [];
  const open = new Set<() => void>();
  return {
    sent,
    streams,
    send(request, onReply, _keepBody, onMessage) {
      const sentUs = clock.now();
      sent.push({ atUs: sentUs, request });
      const treatment = treat(request, sentUs);
      const { connectionWaitUs: waitUs = 0 } = treatment;
      const end = (outcome: Outcome): void => {
        open.delete(abort);
        for (const text of treatment.messages ?? []) onMessage?.(text);
        onReply(replyOf(treatment, outcome, Math.min(sentUs + waitUs, clock.now()), clock.now()));
      };
      const cancel = clock.at(sentUs + waitUs + treatment.takesUs, () => end(treatment.outcome ?? 'ok'));
      const abort = (): void => {
        cancel();
        end('aborted');
      };
      open.add(abort);
    },
    open(request: Request, listener: StreamListener): OpenStream {
      const stream = { request, listener, closed: false };
      streams.push(stream);
      const { status = 200, servedBy } = treat(request, clock.now());
      clock.at(clock.now(), () => listener.onOpen(status, servedBy));
      return {
        close: () => {
          stream.closed = true;
        },
      };
    },
    warm: async () => undefined,
    mostConnections: () => 1,
    async close() {
      for (const abort of [...open]) abort();
    },
  };
}

function replyOf(treatment: Treatment, outcome: Outcome, sentUs: Micros, doneUs: Micros): Reply {
  return {
    outcome,
    detail: outcome === 'ok' ? undefined : (treatment.detail ?? outcome),
    status: treatment.status ?? 200,
    sentUs,
    firstByteUs: doneUs,
    doneUs,
    servedBy: treatment.servedBy,
    sessionId: treatment.sessionId,
    serverTiming: treatment.serverTiming,
    body: treatment.body,
    connectionWaitUs: treatment.connectionWaitUs ?? 0,
    ...(treatment.code !== undefined && { code: treatment.code }),
    ...(treatment.setCookies && { setCookies: treatment.setCookies }),
    ...(treatment.resume && { resume: treatment.resume }),
  };
}
