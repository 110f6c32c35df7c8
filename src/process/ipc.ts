/** @module What parent and child say to each other over the IPC channel. */
import type { Fault } from '../units/user-error.ts';

export type ToChild =
  | { readonly kind: 'start'; readonly input: unknown }
  | { readonly kind: 'ask'; readonly id: number; readonly message: unknown }
  | { readonly kind: 'stop' };

export type ToParent =
  | { readonly kind: 'ready'; readonly ready: unknown }
  /** The start failed: `faults` when the user can mend it, else `what` in words. */
  | { readonly kind: 'failed'; readonly what: string; readonly faults: readonly Fault[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly what: string };
