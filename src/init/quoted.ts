/** @module Values as a profile has them: JSON, which is YAML, without templates. */
import { asciiJson } from '../protocol/call.ts';

/** JSON is YAML, and in plain ASCII it has no character that YAML does not allow. A space after each colon and comma is not needed. */
export const quoted = (value: unknown): string => asciiJson(value);

/** Literal braces, where a profile reads templates. */
export const withoutTemplates = (text: string): string => text.replaceAll('{{', '\\{{');

/** The same in all texts of a value. */
export function withoutTemplatesIn(value: unknown): unknown {
  if (typeof value === 'string') return withoutTemplates(value);
  if (Array.isArray(value)) return value.map(withoutTemplatesIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutTemplatesIn(each)]));
}
