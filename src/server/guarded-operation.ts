/** @module What a JSON-RPC message asks for, as a guard looks at it: the same for all servers. */
import type { GuardedOperation } from '../guard/guard.ts';

/** The operation of a message with `method` and `params`. */
export function operationOf(method: string, params: Readonly<Record<string, unknown>>): GuardedOperation {
  const { name, uri, arguments: given } = params;
  return {
    method,
    name: textIn(method === 'resources/read' ? uri : name),
    arguments: isObject(given) ? given : undefined,
  };
}

/** The W3C trace context of a message (`_meta.traceparent`), else that of its head. */
export function traceparentOf(
  params: Readonly<Record<string, unknown>>,
  header: string | undefined,
): string | undefined {
  const { _meta: meta } = params;
  return (isObject(meta) ? textIn(meta['traceparent']) : undefined) ?? header;
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
