/** @module What a server asks for in place of a result. Source: MCP 2026-07-28, Multi Round-Trip Requests, `InputRequiredResult`. */
import { membersAt, type Span } from '../json-members.ts';
import { isObject, type JsonObject } from '../json-object.ts';

/** A result whose `resultType` is `input_required`. */
export interface InputRequired {
  /** By the keys that the answers have; empty when the server asks for nothing and only hands the call on. */
  readonly requests: JsonObject;
  /** `requestState` as JSON text, as the server wrote it; undefined when there is none. */
  readonly stateJson: string | undefined;
}

/** Reads the JSON text of an answer with such a result; undefined when its members are not what the revision defines. */
export function readInputRequired(body: string): InputRequired | undefined {
  const result = membersAt(body, 0, ['result'])?.result;
  if (result === undefined) return undefined;
  const members = membersAt(body, result.from, ['inputRequests', 'requestState']) ?? {};
  const requests: unknown = JSON.parse(textOf(body, members.inputRequests) ?? '{}');
  const stateJson = textOf(body, members.requestState);
  if (!isObject(requests) || (stateJson !== undefined && !stateJson.startsWith('"'))) return undefined;
  return { requests, stateJson };
}

function textOf(body: string, span: Span | undefined): string | undefined {
  return span && body.slice(span.from, span.to);
}
