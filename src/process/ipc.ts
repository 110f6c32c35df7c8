/** @module The messages between parent and child over the IPC channel. */
import type { Problem } from '../units/user-error.ts';

export type ToChild =
  | { readonly kind: 'start'; readonly input: unknown }
  | { readonly kind: 'ask'; readonly id: number; readonly message: unknown }
  | { readonly kind: 'stop' };

export type ToParent =
  | { readonly kind: 'ready'; readonly ready: unknown }
  /** The start failed: `problems` when the user can fix it, else a description in `what`. */
  | { readonly kind: 'failed'; readonly what: string; readonly problems: readonly Problem[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly what: string };
