/** @module What a JSON-RPC message asks for, as a guard looks at it: the same for all servers. */
import type { GuardedOperation } from '../guard/guard.ts';
import { isObject, type JsonObject } from '../protocol/json-object.ts';

/** The operation of a message with `method` and `params`. */
export function operationOf(method: string, params: JsonObject): GuardedOperation {
  const { name, uri, arguments: given } = params;
  return {
    method,
    name: textIn(method === 'resources/read' ? uri : name),
    arguments: isObject(given) ? given : undefined,
  };
}

/** The W3C trace context of a message (`_meta.traceparent`), else that of its head. */
export function traceparentOf({ _meta: meta }: JsonObject, header: string | undefined): string | undefined {
  return (isObject(meta) ? textIn(meta['traceparent']) : undefined) ?? header;
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
