/** @module Replaces what differs from run to run in the output of a command line, so that the rest can be compared. */
import { resolve } from 'node:path';
import { VERSION } from '../../../src/units/version.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What a busy machine says of itself, as a note before the run and as a finding after it. */
const BUSY = /^(note: |! )This machine was busy.*\n(?: {2}.*\n)*/gm;

type Substitution = readonly [found: string | RegExp, replacement: string];

/** In every output. */
const ALWAYS: readonly Substitution[] = [
  [BUSY, ''],
  [ROOT, '<repository>'],
  [VERSION, '<version>'],
  // A fleet and a balancer listen where there is room. No profile of the goldens names a port of four or five digits.
  [/\b(127\.0\.0\.1|localhost):\d{4,5}\b/g, '$1:<port>'],
  [/\bpid \d+/g, 'pid <pid>'],
];

/** Where something was measured: every number that is a word, and the columns that are as wide as their numbers. */
const MEASURED: readonly Substitution[] = [
  [/(?<![\w.])\d[\d.,]*(?!\w)/g, '<n>'],
  [/ {2,}(?=\S)/g, '  '],
];

/** `text` without what differs from run to run; `folder` is where the command ran. */
export function normalise(text: string, folder: string, measured: boolean): string {
  const substitutions: readonly Substitution[] = [
    [folder, '<folder>'],
    ...ALWAYS,
    ...(measured ? MEASURED : []),
  ];
  return substitutions.reduce((left, [found, replacement]) => left.replaceAll(found, replacement), text);
}
