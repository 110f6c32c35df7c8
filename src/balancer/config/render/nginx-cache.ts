/** @module The part of an nginx configuration that keeps results. nginx reads no JSON: what it keeps follows from the method of the request alone. */
import type { CacheableMethod } from '../../../protocol/caching/methods.ts';
import { PROTOCOL_VERSION } from '../../../protocol/stateless.ts';
import { comment, indent } from './lines.ts';

/** What nginx keeps. */
export interface NginxCache {
  /** The folder for its files, in a folder that exists. */
  readonly folder: string;
  /** For how long by method: nginx compares whole seconds of its clock, so it keeps a result for up to a second longer than this. */
  readonly seconds: Readonly<Partial<Record<CacheableMethod, number>>>;
  /** Stands for the JSON-RPC id in what is fetched and kept: a text that no result contains. */
  readonly idText: string;
}

/** Statuses that no server sends, one for each lifetime: they lead from the location of all requests to the one that keeps. */
const FIRST_STATUS = 460;

/** Lifetimes, each with the methods that have it. */
function lifetimes({ seconds }: NginxCache): readonly (readonly [number, readonly string[]])[] {
  const methods = Object.keys(seconds) as CacheableMethod[];
  const different = [...new Set(methods.map((method) => seconds[method]!))];
  return different.map((each) => [each, methods.filter((method) => seconds[method] === each)]);
}

const locationOf = (index: number): string => `@mcp_kept_${index}`;

/** For `http`: where results are kept, and maps that read requests. `header` names the instance. */
export function cacheMaps(cache: NginxCache, header: string): readonly string[] {
  const servedBy = `$upstream_http_${header.toLowerCase().replaceAll('-', '_')}`;
  const quoted = (text: string): string => text.replaceAll('.', '\\.');
  return [
    `proxy_cache_path ${cache.folder} keys_zone=mcp_results:8m inactive=25h use_temp_path=off;`,
    '',
    ...comment('Requests whose answers may be kept: short ones of these methods.'),
    'map "$request_method $http_mcp_method $content_length" $mcp_kept {',
    ...indent(4, [
      'default "";',
      ...lifetimes(cache).flatMap(([, methods], index) =>
        methods.map((method) => `"~^POST ${quoted(method)} [0-9]{1,5}$" ${FIRST_STATUS + index};`),
      ),
    ]),
    '}',
    ...comment(
      'The JSON-RPC id, of a message with the method of the header and of the current revision, without a parameter and with one id. Empty otherwise: then the answer is neither kept nor taken from what is kept.',
    ),
    'map "$http_mcp_method $request_body" $mcp_id {',
    ...indent(4, [
      'default "";',
      String.raw`"~(?s)^(?<mcp_head>[^ ]+) (?!.*\"(?:cursor|uri|inputResponses|requestState)\"\s*:)(?!.*\"id\"\s*:.*\"id\"\s*:)` +
        String.raw`(?=.*\"method\"\s*:\s*\"\k{mcp_head}\")(?=.*\"io\.modelcontextprotocol/protocolVersion\"\s*:\s*\"${PROTOCOL_VERSION}\")` +
        String.raw`(?<mcp_before>.*\"id\"\s*:\s*)(?<mcp_own_id>-?[0-9]+|\"(?:[^\"\\\\]|\\\\.)*\")(?<mcp_after>.*)$" $mcp_own_id;`,
    ]),
    '}',
    'map $mcp_id $mcp_not_kept { "" 1; default ""; }',
    ...comment('What is fetched has a fixed id, which is replaced in every answer.'),
    `map $mcp_id $mcp_message { "" $request_body; default "$mcp_before\\"${cache.idText}\\"$mcp_after"; }`,
    ...comment('What is kept is given without the name and the times of the instance that it came from.'),
    'map $upstream_cache_status $mcp_cache_mark {',
    ...indent(4, [
      'default "";',
      'HIT     "cache;desc=hit";',
      'MISS    "cache;desc=miss, cache-reason;desc=cold";',
      'EXPIRED "cache;desc=miss, cache-reason;desc=expired";',
    ]),
    '}',
    'map $upstream_cache_status $mcp_timing { HIT ""; default $upstream_http_server_timing; }',
    `map ${servedBy} $mcp_named { "" $mcp_served_by; default ${servedBy}; }`,
    'map $upstream_cache_status $mcp_fetched_from { HIT ""; default $mcp_named; }',
    '',
  ];
}

/** For the location of all requests. */
export function cacheEntrance(cache: NginxCache): readonly string[] {
  return [
    ...lifetimes(cache).map((_, index) => `error_page ${FIRST_STATUS + index} = ${locationOf(index)};`),
    ...lifetimes(cache).map(
      (_, index) => `if ($mcp_kept = ${FIRST_STATUS + index}) { return ${FIRST_STATUS + index}; }`,
    ),
    '',
  ];
}

/** Locations that keep, one for each lifetime. `forwarding` is how requests are forwarded, `header` names the instance. */
export function cacheLocations(
  cache: NginxCache,
  forwarding: readonly string[],
  header: string,
): readonly string[] {
  return lifetimes(cache).flatMap(([seconds, methods], index) => [
    '',
    ...comment(`Keeps ${methods.join(', ')}.`),
    `location ${locationOf(index)} {`,
    ...indent(4, [
      ...forwarding,
      '',
      'client_body_buffer_size 128k;',
      'proxy_set_body $mcp_message;',
      ...comment('An encoded answer could not be given an id.', 92),
      'proxy_set_header Accept-Encoding "";',
      'proxy_cache mcp_results;',
      'proxy_cache_methods POST;',
      'proxy_cache_key $http_mcp_method;',
      `proxy_cache_valid 200 ${seconds}s;`,
      'proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Expires;',
      'proxy_cache_bypass $mcp_not_kept;',
      'proxy_no_cache $mcp_not_kept;',
      `sub_filter "\\"${cache.idText}\\"" $mcp_id;`,
      'sub_filter_once on;',
      'sub_filter_types application/json text/event-stream;',
      `proxy_hide_header ${header};`,
      `add_header ${header} $mcp_fetched_from always;`,
      'proxy_hide_header Server-Timing;',
      'add_header Server-Timing $mcp_cache_mark always;',
      'add_header Server-Timing $mcp_timing always;',
    ]),
    '}',
  ]);
}
