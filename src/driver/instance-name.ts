/** @module The name of an instance, as a response header gives it: safe to print and to keep. */
import { createHash } from 'node:crypto';

/** Longer than the names of pods and hosts (a DNS name has up to 253 characters, but hardly ever more than this). */
const LONGEST = 100;
const KEPT = 80;

/** Everything but printable ASCII and the printable half of Latin-1: control characters would reach terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not pass.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f]/;
const ALL_UNSAFE = new RegExp(UNSAFE, 'g');

/** `value` of the header as a name: control characters become `?`, and a longer value is cut and told apart by a hash. */
export function instanceName(value: string): string {
  if (value.length <= LONGEST && !UNSAFE.test(value)) return value;
  const name = value.replace(ALL_UNSAFE, '?');
  if (name.length <= LONGEST) return name;
  return `${name.slice(0, KEPT)}~${createHash('sha256').update(value).digest('hex').slice(0, 8)}`;
}
