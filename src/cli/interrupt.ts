/** @module Ctrl-C: the first one stops the run gracefully, the second one immediately. */
import { EXIT } from './exit.ts';

/** An abort signal that fires when the user interrupts the command. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Restores the default behaviour of Ctrl-C. */
  release(): void;
}

/** Listens for Ctrl-C, SIGTERM and a closing terminal. Child processes end with this process, however it ends. */
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
