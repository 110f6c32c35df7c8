/** @module The results of the lean server in each era, as JSON text that is made once. */
import { z } from 'zod';
import { SESSIONS_PROTOCOL_VERSION } from '../../protocol/sessions.ts';
import { PROTOCOL_VERSION } from '../../protocol/stateless.ts';
import { type InstanceInput, SERVER_INFO } from '../instance.ts';
import type { Tool } from '../tools.ts';
import { asciiJson } from './answers.ts';

/** The `result` members of answers, as JSON text. */
export interface Results {
  /** Of `server/discover`, or of `initialize`. */
  readonly opening: string;
  readonly toolsList: string;
  /** Of `tools/list` for a caller that is shown the tools `names` only. Made once for each array. */
  listOf(names: readonly string[]): string;
  /** Of `tools/call`. */
  text(text: string, isError: boolean): string;
}

/** The results of MCP 2026-07-28: each says that it is complete, and a list for how long it may be kept. */
export function statelessResults({ tools: settings }: InstanceInput, tools: readonly Tool[]): Results {
  const common = {
    resultType: 'complete',
    _meta: { 'io.modelcontextprotocol/serverInfo': SERVER_INFO },
  };
  const cacheable = { ...common, ttlMs: settings.ttlMs, cacheScope: settings.cacheScope };
  return {
    opening: asciiJson({
      supportedVersions: [PROTOCOL_VERSION],
      capabilities: { tools: {} },
      ...cacheable,
    }),
    toolsList: asciiJson({ tools: listed(tools), ...cacheable }),
    listOf: listsOf(tools, { ...cacheable, cacheScope: 'private' }),
    text: textResult(`${asciiJson(common).slice(0, -1)},`),
  };
}

/** The results of MCP 2025-11-25. */
export function sessionResults(_: InstanceInput, tools: readonly Tool[]): Results {
  return {
    opening: asciiJson({
      protocolVersion: SESSIONS_PROTOCOL_VERSION,
      capabilities: { tools: {} },
      serverInfo: SERVER_INFO,
    }),
    toolsList: asciiJson({ tools: listed(tools) }),
    listOf: listsOf(tools, {}),
    text: textResult('{'),
  };
}

const textResult =
  (open: string) =>
  (text: string, isError: boolean): string =>
    `${open}"content":[{"type":"text","text":${asciiJson(text)}}]${isError ? ',"isError":true' : ''}}`;

function listsOf(tools: readonly Tool[], members: object): Results['listOf'] {
  const made = new WeakMap<readonly string[], string>();
  return (names) => {
    const list =
      made.get(names) ??
      asciiJson({ tools: listed(tools.filter(({ name }) => names.includes(name))), ...members });
    made.set(names, list);
    return list;
  };
}

const listed = (tools: readonly Tool[]): readonly object[] =>
  tools.map(({ name, description, schema }) => ({
    name,
    description,
    inputSchema: z.toJSONSchema(schema, { io: 'input' }),
  }));
