/** @module The child's side: runs a main function for the parent, and ends with it. */
import { after } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import type { ToChild, ToParent } from './ipc.ts';
import { sentence } from './system-error.ts';

/** What a child's main function gives once it is up. */
export interface Served<Ready> {
  /** Reported to the parent; structured-cloned. */
  readonly ready: Ready;
  /** Winds down in order. The process ends afterwards, and after half a second in any case. */
  stop?(): Promise<void>;
  /** Answers what the parent asks. */
  ask?(message: unknown): Promise<unknown>;
}

/** Less than the parent's patience, so that an orderly end is seen as one. */
const WIND_DOWN: Micros = 500_000;

/**
 * Runs `main` with the parent's input and reports how it went. The process ends at once when the parent is gone
 * (the channel closes, even after kill -9), when the parent says so, and on SIGTERM; it ignores SIGINT, because a
 * terminal sends Ctrl-C to the whole group and the parent decides what it means.
 */
export function serveParent<Input, Ready>(main: (input: Input) => Promise<Served<Ready>>): void {
  process.on('SIGINT', () => {});
  // Without a parent, or when it died while this module was loading.
  if (!process.connected) process.exit(1);
  process.on('disconnect', () => process.exit(0));
  let served: Promise<Served<Ready>> | undefined;
  process.on('SIGTERM', () => stop(served));
  process.on('message', (message) => {
    const said = message as ToChild;
    if (said.kind === 'start') {
      served = start(main, said.input as Input);
      served.catch(() => {});
    } else if (said.kind === 'ask') void answer(served, said.id, said.message);
    else stop(served);
  });
}

async function start<Input, Ready>(
  main: (input: Input) => Promise<Served<Ready>>,
  input: Input,
): Promise<Served<Ready>> {
  try {
    const served = await main(input);
    say({ kind: 'ready', ready: served.ready });
    return served;
  } catch (error) {
    const problems = error instanceof UserError ? error.problems : [];
    // The process ends only after the message is on its way.
    say({ kind: 'failed', what: sentence(error), problems }, () => process.exit(1));
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
    if (asked?.ask === undefined) throw new Error('answers no questions');
    say({ kind: 'answer', id, answer: await asked.ask(message) });
  } catch (error) {
    say({ kind: 'refusal', id, what: sentence(error) });
  }
}

function stop<Ready>(served: Promise<Served<Ready>> | undefined): void {
  const end = (): never => process.exit(0);
  after(WIND_DOWN, end);
  Promise.resolve(served)
    .then((up) => up?.stop?.())
    .then(end, end);
}

function say(message: ToParent, sent?: () => void): void {
  // The parent may be gone; then `disconnect` ends this process.
  process.send?.(message, undefined, undefined, () => sent?.());
}
