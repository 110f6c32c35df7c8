/** @module Source `mcp-json`: the headers of a server in the `mcp.json` of an MCP host. */

import { UserError } from '../../units/user-error.ts';
import { listOf } from '../../units/words.ts';
import { givenToken } from '../given-token.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../json-object.ts';
import { fileText } from './read-file.ts';
import type { OpenSource, SourceContext, SourceOf, Supplied } from './source.ts';
import { variable } from './variable.ts';

type McpJsonSource = SourceOf<'mcp-json'>;

export function mcpJsonSource(source: McpJsonSource, context: SourceContext): OpenSource {
  return {
    perAgent: false,
    renews: false,
    async supply() {
      const entry = await entryOf(source, context);
      const headers = isJsonObject(entry['headers']) ? entry['headers'] : {};
      return headersSupplied(headers, source, context);
    },
  };
}

/** The entry of the server. Hosts name the list of servers in two ways: `mcpServers` and `servers`. */
async function entryOf({ path, server }: McpJsonSource, { where, url }: SourceContext): Promise<JsonObject> {
  const document = parseJsonObject(await fileText(path, where));
  if (document === undefined) {
    throw new UserError({ where, what: `${path} is not a JSON object`, expected: 'JSON without comments' });
  }
  const servers = document['mcpServers'] ?? document['servers'];
  if (!isJsonObject(servers)) {
    throw new UserError({ where, what: `${path} lists no servers`, expected: 'mcpServers or servers' });
  }
  const names = Object.keys(servers);
  const name = server === '' && names.length === 1 ? names[0]! : server;
  const entry = Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (!isJsonObject(entry)) {
    const what = name === '' ? `${path} has ${names.length} servers` : `${path} has no server ${name}`;
    throw new UserError({ where, what, expected: `server: one of ${listOf(names)}` });
  }
  const own = originOf(entry['url']);
  const asked = originOf(url);
  if (own !== undefined && asked !== undefined && own !== asked) {
    throw new UserError({
      where,
      what: `the headers of ${name} in ${path} are for ${own}`,
      expected: `a server at ${asked}, because credentials are sent to the server that they are for`,
    });
  }
  return entry;
}

const originOf = (url: unknown): string | undefined =>
  typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : undefined;

function headersSupplied(headers: JsonObject, { path }: McpJsonSource, context: SourceContext): Supplied {
  const filled = Object.entries(headers).map(([name, value]): readonly [string, string] => [
    name,
    fill(String(value), `${path}, header ${name}`, context),
  ]);
  const bearer = filled.find(([name, value]) => /^authorization$/i.test(name) && /^bearer /i.test(value));
  const token =
    bearer === undefined
      ? null
      : givenToken(bearer[1].slice('bearer '.length), context.where, `the header ${bearer[0]} in ${path}`);
  return { token, headers: Object.fromEntries(filled.filter((header) => header !== bearer)) };
}

/** `${NAME}`, `${env:NAME}`, and other variables of a host, which nobody can fill in here. */
const VARIABLE = /\$\{([^}]*)\}/g;

function fill(text: string, from: string, context: SourceContext): string {
  return text.replace(VARIABLE, (whole, inner: string) => {
    const name = inner.startsWith('env:') ? inner.slice('env:'.length) : inner;
    if (/^\w+$/.test(name)) return variable(name, context);
    const expected = `a variable of the environment, such as \${env:TOKEN}`;
    throw new UserError({ where: context.where, what: `${from} needs ${whole}`, expected });
  });
}
