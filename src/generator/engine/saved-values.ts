/** @module What a step of a flow saves of its result. */
import { safeDetail } from '../../protocol/detail.ts';
import { jsonIn, objectOf } from '../../protocol/json-object.ts';
import { dataIn } from '../../protocol/result-data.ts';
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
  const root = rootOf(end.body ?? '');
  for (const { name, path, compiled } of paths) {
    const [value] = compiled.find(root);
    if (value === undefined)
      return { ...end, outcome: 'malformed', detail: safeDetail(`the result has nothing at ${path}`) };
    saved[name] = value;
  }
  return end;
}

/** What paths begin with: what the result in the JSON text of an answer says as data; without data, the result. */
function rootOf(answer: string): unknown {
  const { result } = objectOf(jsonIn(answer));
  return dataIn(result) ?? result;
}
