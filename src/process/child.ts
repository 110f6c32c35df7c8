/** @module Starts a module as a child process that cannot outlive this one, and speaks with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, type Cancel } from '../units/clock.ts';
import { formatMicros, type Micros } from '../units/time.ts';
import { type Problem, UserError } from '../units/user-error.ts';
import type { ToChild, ToParent } from './ipc.ts';
import { LogTail } from './log-tail.ts';
import { sentence } from './system-error.ts';

/** How a child ended. */
export interface Exit {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to stdout and stderr: at most 40 lines and 16 KB. */
  readonly log: string;
}

/** A running child process that has reported ready. */
export interface Child<Ready> {
  readonly pid: number;
  /** What the child reported when it was ready. */
  readonly ready: Ready;
  /** Resolves when the process has ended, whatever ended it; never rejects. */
  readonly exited: Promise<Exit>;
  /** Sends `message` to the child's `ask` and resolves with its answer; rejects when it refuses or ends first. */
  ask(message: unknown): Promise<unknown>;
  /** Asks the child to stop, kills it when it has not ended within a second, and resolves when it is gone. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** What it is, for people: `instance 2`, `balancer`. */
  readonly name: string;
  /** For Node itself, such as the size of its heap. */
  readonly nodeFlags?: readonly string[];
  /** A compiled module that calls `serveParent`. */
  readonly module: URL;
  /** Handed to the child's main function; structured-cloned. */
  readonly input: unknown;
  /** How long it may take to report ready. */
  readonly readyWithinUs: Micros;
}

/** From the polite request to SIGKILL. */
const GRACE: Micros = 1_000_000;
/** From the end of the process to the end of its output, which a grandchild may hold open. */
const DRAIN: Micros = 250_000;

/**
 * Starts `options.module` with Node and resolves when it has reported ready. Rejects with a {@link UserError} that
 * names the child and quotes its log when it fails, dies or is not ready in time, and with the signal's reason when
 * `signal` is aborted first; then the process is gone. Once ready, `signal` means nothing any more: call `stop`.
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

/** How `exit` reads in a sentence: `exited with code 1`, `was ended by SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
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
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#log.add(chunk));
    }
    this.exited = this.#watchEnd();
    this.#process.on('message', (message) => this.#settle(message as ToParent));
    void this.exited.then((exit) => this.#abandon(exit));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Hands over the input and waits for the child's word. */
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
          settle(() => reject(this.#fault(late, this.#log.text()))),
        ),
      );
      const onAbort = settle(() => reject(signal?.reason));
      signal?.addEventListener('abort', onAbort);
      undo.push(() => signal?.removeEventListener('abort', onAbort));
      const onMessage = (message: unknown): void => {
        const said = message as ToParent;
        if (said.kind === 'ready') settle(() => resolve(said.ready))();
        if (said.kind === 'failed') settle(() => reject(this.#failure(said)))();
      };
      this.#process.on('message', onMessage);
      undo.push(() => this.#process.off('message', onMessage));
      void this.exited.then((exit) => {
        const report = settle(() => reject(this.#fault(`${describeExit(exit)} while starting`, exit.log)));
        // Ctrl-C reaches a child that cannot ignore it yet as well as us: let the abort that it means speak first.
        if (exit.signal === 'SIGINT') undo.push(after(DRAIN, report));
        else report();
      });
      this.#say({ kind: 'start', input: options.input });
    });
  }

  ask(message: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#process.connected) {
        reject(this.#fault('has ended and cannot be asked', this.#log.text()));
        return;
      }
      this.#asked += 1;
      this.#questions.set(this.#asked, { resolve, reject });
      this.#say({ kind: 'ask', id: this.#asked, message });
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
    if (this.#process.connected) this.#say({ kind: 'stop' });
    else this.kill();
    await this.exited;
    cancel();
  }

  /** A message that cannot be delivered needs no report: the child's end is reported by `exited`. */
  #say(message: ToChild): void {
    this.#process.send(message, () => {});
  }

  #settle(message: ToParent): void {
    if (message.kind !== 'answer' && message.kind !== 'refusal') return;
    const question = this.#questions.get(message.id);
    this.#questions.delete(message.id);
    if (message.kind === 'answer') question?.resolve(message.answer);
    else question?.reject(this.#fault(message.what, ''));
  }

  #abandon(exit: Exit): void {
    for (const question of this.#questions.values()) {
      question.reject(this.#fault(`${describeExit(exit)} before it answered`, exit.log));
    }
    this.#questions.clear();
  }

  #watchEnd(): Promise<Exit> {
    return new Promise((resolve) => {
      let ended: { code: number | null; signal: string | null } | undefined;
      const finish = (): void => resolve({ code: null, signal: null, ...ended, log: this.#log.text() });
      this.#process.once('exit', (code, signal) => {
        ended = { code, signal };
        const cancel = after(DRAIN, finish);
        this.#process.once('close', () => {
          cancel();
          finish();
        });
      });
      // Spawning itself failed (no memory, no such binary): there is no exit event then.
      this.#process.on('error', (error) => {
        this.#log.add(Buffer.from(`${sentence(error)}\n`));
        if (this.#process.pid === undefined) finish();
      });
    });
  }

  #failure(said: ToParent & { kind: 'failed' }): UserError {
    if (said.problems.length > 0) return new UserError(said.problems);
    return this.#fault(`could not start: ${said.what}`, this.#log.text());
  }

  #fault(what: string, log: string): UserError {
    const fault: Problem = { where: this.#name, what };
    return new UserError(log === '' ? fault : { ...fault, todo: `its last words:\n${log}` });
  }
}
