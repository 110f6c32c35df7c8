/** @module What a step of a flow saves of its result. */
import { safeDetail } from '../../protocol/detail.ts';
import { jsonIn } from '../../protocol/json-object.ts';
import type { CallEnd } from '../agent/caller.ts';
import type { SavedPath } from './flow-plan.ts';

/**
 * Adds what `paths` find in the result of a call to `saved`. Returns how the call ended: as `malformed` when the result lacks one of the
 * values, since it is not what the flow goes on with.
 */
export function savedFrom(
  end: CallEnd,
  paths: readonly SavedPath[],
  saved: Record<string, unknown>,
): CallEnd {
  if (end.outcome !== 'ok' || paths.length === 0) return end;
  const root = rootOf(end.body ?? 'null');
  for (const { name, path, compiled } of paths) {
    const [value] = compiled.find(root);
    if (value === undefined)
      return { ...end, outcome: 'malformed', detail: safeDetail(`the result has nothing at ${path}`) };
    saved[name] = value;
  }
  return end;
}

/**
 * What paths begin with: `structuredContent` of the result in the JSON text of an answer; without it the first text of its content, if that is
 * JSON; otherwise the result.
 */
function rootOf(answer: string): unknown {
  const result = memberOf(JSON.parse(answer), 'result');
  const structured = memberOf(result, 'structuredContent');
  if (structured !== undefined) return structured;
  const content = memberOf(result, 'content');
  const first = Array.isArray(content)
    ? content.find((block) => memberOf(block, 'type') === 'text')
    : undefined;
  const text = memberOf(first, 'text');
  return (typeof text === 'string' ? jsonIn(text) : undefined) ?? result;
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
