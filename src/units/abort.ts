/** @module Abort signals with any number of listeners. */
import { setMaxListeners } from 'node:events';

/**
 * A signal that is aborted when one of `signals` is, with its reason. Every instance and thread listens to it, so Node's
 * warning about more than ten listeners is disabled.
 */
export function anyAborted(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const any = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  setMaxListeners(0, any);
  return any;
}
