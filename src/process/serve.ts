/** @module The child's side of a child process: runs a main function for the parent, and ends when the parent ends. */
import { after } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import type { ToChild, ToParent } from './ipc.ts';
import { describeSystemError } from './system-error.ts';

/** The value that a child's main function returns once it is ready. */
export interface Served<Ready> {
  /** Reported to the parent; structured-cloned. */
  readonly ready: Ready;
  /** Releases its resources. The process ends afterwards, and after half a second in any case. */
  stop?(): Promise<void>;
  /** Answers a message of the parent. */
  ask?(message: unknown): Promise<unknown>;
}

/** Shorter than the parent waits before SIGKILL, so that a graceful stop is not reported as a kill. */
const STOP_WITHIN: Micros = 500_000;

/**
 * Runs `main` with the parent's input and reports the outcome. The process ends immediately when the parent has ended
 * (the channel closes, even after kill -9), on a `stop` message, and on SIGTERM; it ignores SIGINT, because a
 * terminal sends Ctrl-C to the whole group, and the parent decides how to react.
 */
export function serveParent<Input, Ready>(main: (input: Input) => Promise<Served<Ready>>): void {
  process.on('SIGINT', () => {});
  // Without a parent, or when it ended while this module was loading.
  if (!process.connected) process.exit(1);
  process.on('disconnect', () => process.exit(0));
  let served: Promise<Served<Ready>> | undefined;
  process.on('SIGTERM', () => stop(served));
  process.on('message', (message) => {
    const request = message as ToChild;
    if (request.kind === 'start') {
      served = start(main, request.input as Input);
      served.catch(() => {});
    } else if (request.kind === 'ask') void answer(served, request.id, request.message);
    else stop(served);
  });
}

async function start<Input, Ready>(
  main: (input: Input) => Promise<Served<Ready>>,
  input: Input,
): Promise<Served<Ready>> {
  try {
    const served = await main(input);
    send({ kind: 'ready', ready: served.ready });
    return served;
  } catch (error) {
    const problems = error instanceof UserError ? error.problems : [];
    // The process ends only after the message is on its way.
    send({ kind: 'failed', what: describeSystemError(error), problems }, () => process.exit(1));
    throw error;
  }
}

async function answer<Ready>(
  served: Promise<Served<Ready>> | undefined,
  id: number,
  message: unknown,
): Promise<void> {
  try {
    const asked = await served;
    if (asked?.ask === undefined) throw new Error('accepts no messages');
    send({ kind: 'answer', id, answer: await asked.ask(message) });
  } catch (error) {
    send({ kind: 'refusal', id, what: describeSystemError(error) });
  }
}

function stop<Ready>(served: Promise<Served<Ready>> | undefined): void {
  const end = (): never => process.exit(0);
  after(STOP_WITHIN, end);
  Promise.resolve(served)
    .then((up) => up?.stop?.())
    .then(end, end);
}

function send(message: ToParent, sent?: () => void): void {
  // The parent may have ended; then `disconnect` ends this process.
  process.send?.(message, undefined, undefined, () => sent?.());
}
