/** @module What a finding is: one plain sentence derived from the numbers. */

export interface Finding {
  /** Plain text of one line; names in it come from the profile and details from servers, so every format escapes it. */
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'neutral' | 'warning';
}

export const quoted = (name: string): string => `“${name}”`;
