/** @module The connection to a server in the configuration file of an MCP client: Claude, VS Code, Cursor and others. */
import { isObject, type JsonObject, objectOf } from '../protocol/json-object.ts';
import { UserError } from '../units/user-error.ts';

/** Where a server is, and the headers that the client sends to it. */
export interface ClientConnection {
  readonly name: string;
  readonly url: string;
  /** As a profile writes them: variables of the environment are `${NAME}`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where clients keep their servers: Claude and Cursor; VS Code; VS Code in its settings. */
const PLACES = [['mcpServers'], ['servers'], ['mcp', 'servers']] as const;

/** The connection to the server `wanted`, or to the only one, in `text`, which was read from `file`. Throws a {@link UserError}, which quotes no header. */
export function connectionIn(text: string, file: string, wanted: string | undefined): ClientConnection {
  const servers = serversIn(parse(text, file));
  const names = Object.keys(servers);
  if (names.length === 0) {
    throw new UserError({
      where: file,
      what: 'names no MCP server',
      expected: '"mcpServers" or "servers" with an entry for each server',
    });
  }
  if (wanted === undefined && names.length > 1) {
    const what = `names ${names.length} servers: ${names.join(', ')}`;
    throw new UserError({ where: file, what, todo: 'choose one with --server NAME' });
  }
  const name = wanted ?? names[0]!;
  if (!Object.hasOwn(servers, name)) {
    const what = `${file} names no server "${name}"`;
    throw new UserError({ where: '--server', what, expected: names.join(', ') });
  }
  return connectionOf(name, objectOf(servers[name]), file);
}

function serversIn(document: unknown): JsonObject {
  for (const path of PLACES) {
    const found = path.reduce<unknown>((value, key) => objectOf(value)[key], document);
    if (isObject(found)) return found;
  }
  return {};
}

function connectionOf(name: string, server: JsonObject, file: string): ClientConnection {
  const where = `${file}, server "${name}"`;
  const url = server['url'] ?? server['serverUrl'];
  if (typeof url !== 'string') {
    const isCommand = typeof server['command'] === 'string';
    throw new UserError({
      where,
      what: isCommand ? 'is started by a command and speaks over stdio' : 'has no url',
      expected: 'a server over HTTP, with a url',
      ...(isCommand && { todo: 'start it with its HTTP transport, and give the URL: paceline init URL' }),
    });
  }
  const headers = Object.entries(objectOf(server['headers'])).map(
    ([header, value]) => [header, withVariables(String(value))] as const,
  );
  return { name, url, headers: Object.fromEntries(headers) };
}

/** `${env:NAME}` and `${input:name}` of VS Code and Cursor, and `${NAME:-default}` of Claude, as `${NAME}`. */
function withVariables(value: string): string {
  return value
    .replace(/\$\{env:(\w+)\}/g, (_, name: string) => `\${${name}}`)
    .replace(/\$\{input:([\w.-]+)\}/g, (_, id: string) => `\${${variableName(id)}}`)
    .replace(/\$\{(\w+):-[^}]*\}/g, (_, name: string) => `\${${name}}`);
}

/** A name for a variable of the environment. */
export function variableName(text: string): string {
  const name = text.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return /^[A-Z_]/.test(name) ? name : `_${name}`;
}

/** JSON as editors write it: with comments, and commas after the last member. */
function parse(text: string, file: string): unknown {
  const plain = text
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? ' ')
    .replace(/("(?:\\.|[^"\\])*")|,(\s*[}\]])/g, (_, string?: string, end?: string) => string ?? end ?? '');
  try {
    return JSON.parse(plain);
  } catch {
    throw new UserError({ where: file, what: 'is not JSON', expected: 'the configuration of an MCP client' });
  }
}
