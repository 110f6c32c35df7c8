/** @module A recording: a reverse proxy in front of one server, and a trace of the calls that pass. */
import { connect } from 'node:net';
import { dirname } from 'node:path';
import type { Gate } from '../balancer/proxy/gate.ts';
import { startProxy } from '../balancer/proxy/proxy.ts';
import type { Tap, TappedExchange } from '../balancer/proxy/tap.ts';
import { hostAndPort, locate, type UpstreamAddress } from '../balancer/topology.ts';
import { readCertificates } from '../process/ca-file.ts';
import { describeSystemError } from '../process/system-error.ts';
import type { TraceHeader, TraceLine } from '../trace/trace.ts';
import { TraceWriter } from '../trace/write.ts';
import { after, systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { type Problem, UserError } from '../units/user-error.ts';
import { RecordedExchange } from './exchange.ts';
import { CallRecorder, type LineSink, type RecordedCounts } from './recorder.ts';

/** What a recording needs. */
export interface CaptureOptions {
  /** URL of the server, without a user and without a query string. */
  readonly target: URL;
  /** Port on 127.0.0.1; one that the system chooses when absent. */
  readonly port?: number | undefined;
  /** File of the trace, which must not exist. */
  readonly out: string;
  /** How the certificate of the server is checked. */
  readonly tls: { readonly insecure: boolean; readonly caFile?: string };
  /** The trace cannot be written any more: nothing further is recorded. */
  readonly onFailure: (error: unknown) => void;
}

/** A recording under way. */
export interface Capture {
  /** Where clients reach the server. */
  readonly url: string;
  counts(): RecordedCounts;
  /** Ends the connections of all clients, and the trace. */
  close(): Promise<void>;
}

const CONNECT_WITHIN: Micros = 5e6;
/** An answer that is encoded cannot be read as it passes, and a server may refuse a name that is not its own. */
const REPLACED: ReadonlySet<string> = new Set(['accept-encoding', 'host']);

/** Starts a recording. Rejects with a {@link UserError} when no server listens at the target, the port is taken, or the file cannot be made. */
export async function startCapture(options: CaptureOptions): Promise<Capture> {
  const { target, port, out, tls, onFailure } = options;
  const { upstreams } = locate([{ id: 'target', url: target.href }]);
  const upstreamTls = {
    insecure: tls.insecure,
    ...(tls.caFile !== undefined && { ca: readCertificates(tls.caFile) }),
  };
  await checkReachable(upstreams[0]!);
  const writer = newTrace(out);
  const sink = new TraceSink(writer, onFailure);
  const recorder = new CallRecorder(sink, systemClock, target.href);
  try {
    const proxy = await startProxy(
      { policy: 'round-robin', upstreams, seed: 0, upstreamTls, instanceHeader: '', port },
      { gate: asFor(target) },
      new RecordingTap(recorder),
    );
    return {
      url: `http://127.0.0.1:${proxy.port}${target.pathname}`,
      counts: () => recorder.counts,
      async close() {
        // A call that is under way has no end in the trace: closing its connection is not how the client or the server ended it.
        recorder.close();
        sink.close();
        writer.close();
        await proxy.close();
      },
    };
  } catch (cause) {
    writer.close();
    throw new UserError(
      { where: '--listen', what: describeSystemError(cause), todo: 'choose another port' },
      { cause },
    );
  }
}

class RecordingTap implements Tap {
  readonly #recorder: CallRecorder;

  constructor(recorder: CallRecorder) {
    this.#recorder = recorder;
  }

  begin(...[head, connection]: Parameters<Tap['begin']>): TappedExchange | undefined {
    // Other methods are of sessions and their streams, and of authorization.
    return head.method === 'POST'
      ? new RecordedExchange(head, connection, this.#recorder, systemClock)
      : undefined;
  }
}

/** Passes every request on as one for the server itself. */
function asFor({ host }: URL): Gate {
  const changes = { removed: REPLACED, added: `host: ${host}\r\n`, addedToAnswer: '' };
  return () => ({ kind: 'forward', changes });
}

/** Writes until that fails, which it says once, or until its end; leaves out the rest. */
class TraceSink implements LineSink {
  readonly #onFailure: CaptureOptions['onFailure'];
  #writer: TraceWriter | undefined;

  constructor(writer: TraceWriter, onFailure: CaptureOptions['onFailure']) {
    this.#writer = writer;
    this.#onFailure = onFailure;
  }

  begin(header: TraceHeader): void {
    this.#try((writer) => writer.begin(header));
  }

  write(line: TraceLine): void {
    this.#try((writer) => writer.write(line));
  }

  end(header: TraceHeader): void {
    this.#try((writer) => writer.end(header));
  }

  /** Nothing further is written. */
  close(): void {
    this.#writer = undefined;
  }

  #try(write: (writer: TraceWriter) => void): void {
    try {
      if (this.#writer !== undefined) write(this.#writer);
    } catch (error) {
      this.#writer = undefined;
      this.#onFailure(error);
    }
  }
}

function newTrace(path: string): TraceWriter {
  try {
    return new TraceWriter(path);
  } catch (cause) {
    throw new UserError({ where: '--out', ...unwritable(path, cause) }, { cause });
  }
}

/** Why no file can be made at `path`. */
function unwritable(path: string, error: unknown): Pick<Problem, 'what' | 'todo'> {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EEXIST':
      return { what: `${path} exists already`, todo: 'remove it, or choose another name' };
    case 'ENOENT':
      return {
        what: `the folder ${dirname(path)} does not exist`,
        todo: 'make it, or choose another folder',
      };
    default:
      return {
        what: `cannot write to ${path}: ${describeSystemError(error)}`,
        todo: 'choose a folder with write access',
      };
  }
}

function checkReachable(address: UpstreamAddress): Promise<void> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(
        new UserError({
          where: '--target',
          what: `no connection to ${hostAndPort(address)} (${reason})`,
          todo: 'check that the server is running at this address',
        }),
      );
    };
    const late = after(CONNECT_WITHIN, () => fail(`none within ${CONNECT_WITHIN / 1e6} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      late();
      fail(error.code ?? error.message);
    });
    socket.once('connect', () => {
      late();
      socket.destroy();
      resolve();
    });
  });
}
