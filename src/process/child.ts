/** @module Starts a module as a child process that cannot outlive this one, and exchanges messages with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, type Cancel } from '../units/clock.ts';
import { formatMicros, type Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { describeExit, type Exit, quoteOutput } from './exit.ts';
import type { ToChild, ToParent } from './ipc.ts';
import { LogTail } from './log-tail.ts';
import { describeSystemError } from './system-error.ts';

/** A running child process that has reported ready. */
export interface Child<Ready> {
  readonly pid: number;
  /** The value that the child reported when it was ready. */
  readonly ready: Ready;
  /** Resolves when the process has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>;
  /** Sends `message` to the child's `ask` and resolves with its answer; rejects when the child reports an error or ends first. */
  ask(message: unknown): Promise<unknown>;
  /** Asks the child to stop, kills it if it has not ended within a second, and resolves when it has ended. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** Its name in messages: `instance 2`, `balancer`. */
  readonly name: string;
  /** Options for Node itself, such as the size of its heap. */
  readonly nodeFlags?: readonly string[];
  /** A compiled module that calls `serveParent`. */
  readonly module: URL;
  /** Passed to the child's main function; structured-cloned. */
  readonly input: unknown;
  /** The time limit for reporting ready. */
  readonly readyWithinUs: Micros;
  /** A file to which its stdout and stderr are appended; created when missing. */
  readonly outputFile?: string | undefined;
}

/** Time from the request to stop to SIGKILL. */
const GRACE: Micros = 1_000_000;
/** Maximum time from the end of the process to the end of its output, which a grandchild may hold open. */
const DRAIN: Micros = 250_000;

/**
 * Starts `options.module` with Node and resolves when it has reported ready. Rejects with a {@link UserError} that
 * names the child and quotes its log when it fails, exits or is not ready in time, and with the signal's reason when
 * `signal` is aborted first; in all these cases the process has ended. Once it is ready, `signal` has no further effect: call `stop`.
 */
export async function startChild<Ready>(options: ChildOptions, signal?: AbortSignal): Promise<Child<Ready>> {
  signal?.throwIfAborted();
  const running = new RunningChild(options);
  try {
    const ready = (await running.start(options, signal)) as Ready;
    return {
      pid: running.pid,
      ready,
      exited: running.exited,
      ask: (message) => running.ask(message),
      stop: () => running.stop(),
    };
  } catch (error) {
    running.kill();
    await running.exited;
    throw error;
  }
}

interface Question {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

class RunningChild {
  readonly exited: Promise<Exit>;
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #log = new LogTail();
  readonly #file: WriteStream | undefined;
  readonly #questions = new Map<number, Question>();
  #asked = 0;
  #stopped: Promise<void> | undefined;

  constructor(options: ChildOptions) {
    this.#name = options.name;
    const { nodeFlags = [], module } = options;
    this.#process = spawn(process.execPath, [...nodeFlags, fileURLToPath(module)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#file = openOutput(options.outputFile);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#collect(chunk));
    }
    this.exited = this.#watchEnd();
    this.#process.on('message', (message) => this.#settle(message as ToParent));
    void this.exited.then((exit) => this.#abandon(exit));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Sends the input and waits until the child reports ready or failed. */
  start(options: ChildOptions, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const undo: Cancel[] = [];
      const settle = (act: () => void) => (): void => {
        for (const cancel of undo) cancel();
        act();
      };
      const late = `was not ready within ${formatMicros(options.readyWithinUs)}`;
      undo.push(
        after(
          options.readyWithinUs,
          settle(() => reject(this.#error(late, this.#log.text()))),
        ),
      );
      const onAbort = settle(() => reject(signal?.reason));
      signal?.addEventListener('abort', onAbort);
      undo.push(() => signal?.removeEventListener('abort', onAbort));
      const onMessage = (message: unknown): void => {
        const report = message as ToParent;
        if (report.kind === 'ready') settle(() => resolve(report.ready))();
        if (report.kind === 'failed') settle(() => reject(this.#failure(report)))();
      };
      this.#process.on('message', onMessage);
      undo.push(() => this.#process.off('message', onMessage));
      void this.exited.then((exit) => {
        const report = settle(() => reject(this.#error(`${describeExit(exit)} while starting`, exit.log)));
        // Ctrl-C also reaches a child that does not ignore it yet: leave time for this process to abort the start because of it.
        if (exit.signal === 'SIGINT') undo.push(after(DRAIN, report));
        else report();
      });
      this.#send({ kind: 'start', input: options.input });
    });
  }

  ask(message: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#process.connected) {
        reject(this.#error('has ended and cannot answer', this.#log.text()));
        return;
      }
      this.#asked += 1;
      this.#questions.set(this.#asked, { resolve, reject });
      this.#send({ kind: 'ask', id: this.#asked, message });
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async #stop(): Promise<void> {
    const cancel = after(GRACE, () => this.kill());
    if (this.#process.connected) this.#send({ kind: 'stop' });
    else this.kill();
    await this.exited;
    cancel();
  }

  /** Sends a message. A failure to deliver it is ignored, because `exited` reports the end of the child. */
  #send(message: ToChild): void {
    this.#process.send(message, () => {});
  }

  #settle(message: ToParent): void {
    if (message.kind !== 'answer' && message.kind !== 'refusal') return;
    const question = this.#questions.get(message.id);
    this.#questions.delete(message.id);
    if (message.kind === 'answer') question?.resolve(message.answer);
    else question?.reject(this.#error(message.what, ''));
  }

  #abandon(exit: Exit): void {
    for (const question of this.#questions.values()) {
      question.reject(this.#error(`${describeExit(exit)} before it answered`, exit.log));
    }
    this.#questions.clear();
  }

  #watchEnd(): Promise<Exit> {
    return new Promise((resolve) => {
      let ended: { code: number | null; signal: string | null } | undefined;
      const finish = (): void => {
        this.#file?.end();
        resolve({ code: null, signal: null, ...ended, log: this.#log.text() });
      };
      this.#process.once('exit', (code, signal) => {
        ended = { code, signal };
        const cancel = after(DRAIN, finish);
        this.#process.once('close', () => {
          cancel();
          finish();
        });
      });
      // Spawning itself failed (no memory, no such binary): then there is no exit event.
      this.#process.on('error', (error) => {
        this.#collect(Buffer.from(`${describeSystemError(error)}\n`));
        if (this.#process.pid === undefined) finish();
      });
    });
  }

  #collect(chunk: Buffer): void {
    this.#log.add(chunk);
    this.#file?.write(chunk);
  }

  #failure(report: ToParent & { kind: 'failed' }): UserError {
    if (report.problems.length > 0) return new UserError(report.problems);
    return this.#error(`could not start: ${report.what}`, this.#log.text());
  }

  #error(what: string, log: string): UserError {
    const output = quoteOutput(log);
    return new UserError({ where: this.#name, what, ...(output !== undefined && { todo: output }) });
  }
}

/** The stream to the log file. If the file cannot be written, its content is lost, but the run continues. */
function openOutput(path: string | undefined): WriteStream | undefined {
  return path === undefined ? undefined : createWriteStream(path, { flags: 'a' }).on('error', () => {});
}
