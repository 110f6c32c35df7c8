/** @module Templates in arguments: `{{agent}}`, `{{seq}}` and seeded random helpers, compiled once, rendered per call as JSON text. */
import type { Random } from '../units/random.ts';

/** What a template may speak of. */
export interface TemplateContext {
  /** Index of the agent that makes the call, from 0. */
  readonly agent: number;
  /** Index of the arrival, from 0. */
  readonly seq: number;
  /** Draws of this call's own stream. */
  readonly random: Random;
}

/** A JSON value with holes. */
export interface Template {
  /** Every rendering is plain ASCII, so its length in bytes is its length. */
  readonly ascii: boolean;
  /** The value as JSON text without needless white space. */
  render(context: TemplateContext): string;
}
