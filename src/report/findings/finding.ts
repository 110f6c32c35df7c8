/** @module What a finding is: one plain sentence derived from the numbers. */
import { shorten } from '../wording.ts';

export interface Finding {
  /** Plain text of one line; names in it come from the profile and details from servers, so every format escapes it. */
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'neutral' | 'warning';
}

const LONGEST_NAME = 60;

export const quoted = (name: string): string => `“${shorten(name, LONGEST_NAME)}”`;
