/** @module What the result of a call says as data. */
import { jsonIn, objectOf } from './json-object.ts';

/**
 * `structuredContent` of `result`; without it, the first text of its `content` that is a JSON object or array, else the first that is JSON.
 * `undefined` when it has none of them.
 */
export function dataIn(result: unknown): unknown {
  const { structuredContent, content } = objectOf(result);
  if (structuredContent !== undefined) return structuredContent;
  if (!Array.isArray(content)) return undefined;
  const values = content.map((block) => {
    const { type, text } = objectOf(block);
    return type === 'text' && typeof text === 'string' ? jsonIn(text) : undefined;
  });
  const composed = values.find((value) => typeof value === 'object' && value !== null);
  return composed ?? values.find((value) => value !== undefined);
}
