/** @module Ctrl-C: the first one ends the run in good order, the second one at once. */
import { EXIT } from './exit.ts';

/** A signal that fires when the user wants the command to end. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back to the system. */
  release(): void;
}

/** Listens for Ctrl-C, SIGTERM and a terminal that goes away. Children end with this process, whatever ends it. */
export function listenForInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    onFirst();
    controller.abort();
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
