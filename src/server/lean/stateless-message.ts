/** @module Checks a request of MCP 2026-07-28: body first, then that the headers say the same. */
import { NAMED_BY } from '../../protocol/call.ts';
import { decodeHeaderValue, HEADER_MISMATCH } from '../../protocol/headers.ts';
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import { CAPABILITIES_KEY, PROTOCOL_VERSION } from '../../protocol/stateless.ts';
import { type MirroredParameter, mirroredFields } from '../../protocol/tool-list.ts';
import type { LeanHead } from './framing.ts';
import { type LeanRequest, type Notified, type Refusal, readBody, refusal } from './message.ts';

/** Methods whose `Mcp-Name` header repeats a parameter. Source: MCP 2026-07-28, Streamable HTTP, Standard Request Headers; for the other methods, {@link NAMED_BY}. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  ...NAMED_BY,
};

/** The HTTP methods of the era. */
export const STATELESS_METHODS: readonly string[] = ['POST'];

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';

/** Reads what `head`, of a method and path that are served, and `body` ask for. Never throws. */
export function readStateless(head: LeanHead, body: string): LeanRequest | Notified | Refusal {
  const message = readBody(body);
  if (message.kind !== 'request') return message;
  const mistake = mistakeIn(head, message.method, message.params);
  return mistake === undefined ? message : { ...mistake, id: message.id, request: message };
}

/** What is wrong with the parameters of `method`, or with the headers that repeat them. */
function mistakeIn(head: LeanHead, method: string, params: JsonObject): Refusal | undefined {
  const meta = params['_meta'];
  if (!isObject(meta) || typeof meta[VERSION_KEY] !== 'string') {
    // A client of an earlier revision starts like this: report the supported versions.
    if (method === 'initialize') return unsupported(params['protocolVersion']);
    return refusal(400, -32602, `Invalid params: params._meta must carry ${VERSION_KEY}`);
  }
  const version = head.headers.get('mcp-protocol-version');
  if (version !== undefined && version !== meta[VERSION_KEY]) {
    return mismatch('MCP-Protocol-Version', version, meta[VERSION_KEY]);
  }
  if (meta[VERSION_KEY] !== PROTOCOL_VERSION) return unsupported(meta[VERSION_KEY]);
  if (version === undefined) return mismatch('MCP-Protocol-Version', version, PROTOCOL_VERSION);
  if (!isObject(meta[CAPABILITIES_KEY])) {
    return refusal(400, -32602, `Invalid params: params._meta must carry ${CAPABILITIES_KEY}`);
  }
  const said = head.headers.get('mcp-method');
  if (said !== method) return mismatch('Mcp-Method', said, method);
  return nameMismatch(head, method, params);
}

function nameMismatch(head: LeanHead, method: string, params: JsonObject): Refusal | undefined {
  const key = NAMED[method];
  if (key === undefined) return undefined;
  const raw = head.headers.get('mcp-name');
  const name = raw === undefined ? undefined : decodeHeaderValue(raw);
  return name === params[key] && name !== undefined ? undefined : mismatch('Mcp-Name', raw, params[key]);
}

/** What is wrong with the header fields that repeat `mirrored`, arguments of a call. Source: MCP 2026-07-28, Streamable HTTP, Custom Headers. */
export function mirrorMistake(
  head: LeanHead,
  request: LeanRequest,
  mirrored: readonly MirroredParameter[],
): Refusal | undefined {
  for (const [header, expected] of mirroredFields(mirrored, request.params['arguments'])) {
    const raw = head.headers.get(header.toLowerCase());
    const said = raw === undefined ? undefined : decodeHeaderValue(raw);
    const value = decodeHeaderValue(expected);
    if (said === value && said !== undefined) continue;
    return { ...mismatch(header, raw, value), id: request.id, request };
  }
  return undefined;
}

function mismatch(header: string, said: string | undefined, body: unknown): Refusal {
  const what = said === undefined ? 'is missing' : `says ${JSON.stringify(said)}`;
  return refusal(
    400,
    HEADER_MISMATCH,
    `Header mismatch: ${header} ${what}, the body says ${JSON.stringify(body)}`,
  );
}

function unsupported(requested: unknown): Refusal {
  const data = {
    supported: [PROTOCOL_VERSION],
    requested: typeof requested === 'string' ? requested : 'unknown',
  };
  return { ...refusal(400, -32022, 'Unsupported protocol version'), data };
}
