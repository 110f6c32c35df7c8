/** @module `docs/profile.md`: every key of the profile, drawn from the schema. */

import { alternatives } from '../../units/words.ts';
import { PLACEHOLDERS } from '../template/placeholder.ts';
import { type JsonSchema, plainJsonSchema } from './json-schema.ts';
import { kindsReference } from './kinds.ts';

const HEAD = `<!-- Made by \`npm run schema\` from the schema in src/profile. Do not edit. -->

# The profile

A profile is a YAML file that says which calls are made, by whom, at what rate, against what. A first line of
\`# yaml-language-server: $schema=profile.schema.json\` (the path to that file) makes editors complete and explain every key.

Durations are \`500us\`, \`250ms\`, \`2s\`, \`1m\`, \`1h\`; rates are \`400/s\`, \`2k/s\`, \`90/m\`. Unknown keys are errors. All faults of a
file are reported at once, each with its line and what is allowed there.

Exactly one of \`target\` and \`fleet\` says what is loaded; exactly one of \`load.rate\`, \`load.stages\` and \`load.concurrency\` says how.

## Keys
`;

const VARIANTS = `
## Variants

A variant has a \`name\` and overrides: dotted paths (\`fleet.era: sessions\`, \`calls.0.weight: 3\`), nested mappings
(\`fleet: { era: sessions }\`), or both. Mappings are merged, everything else is replaced, lists as a whole. Of keys that exclude one another
(\`rate\`, \`stages\`, \`concurrency\`; \`target\`, \`fleet\`; the distributions of \`work\`) the one a variant sets removes the others.
Without variants the profile is one variant, named \`default\`. \`version\`, \`title\`, \`repetitions\` and \`thresholds\` hold for all variants.

## Flags

- \`--set path=value\` overrides the profile before its variants; the value is YAML. A variant that sets the same path wins, and a notice says so.
- \`--target URL\` takes the place of \`fleet\` and \`balancer\`; what variants say about those does not apply, and variants that then are equal are run once.
- \`--header 'Name: value'\` is added to the headers of the target, and wins over the profile's. As with \`target.headers\`, a header that MCP sets
  too is sent in its place: \`--header 'Mcp-Method: other'\` sends \`other\` with every request.
- \`--repetitions N\` takes the place of \`repetitions\`.

What carries credentials is sent, but not written to the result: the values of headers whose name says so (\`Authorization\`, \`Cookie\`, keys,
tokens, secrets, passwords, signatures, sessions and the like, \`Mcp-Session-Id\` aside), the values of such parameters (and \`code\`) in the URL of a
target, the user and password of \`target.proxy\`, and all of \`fleet.server.env\`. A notice names what was left out. Messages quote none of these,
nor a \`--header\` or \`--set\` that cannot be read.

## Proxies

With \`target.proxy\` every connection, that of the first question about the era included, goes through a forward proxy, and only
\`load.driver: undici\` can do that. Each connection is a tunnel of its own, opened by \`CONNECT\`, for \`http\` targets too: what the proxy
says is never taken for the server's answer, and \`load.connections\` is the number of connections at the server. A proxy may be set up to
refuse tunnels to other ports than 443; that is told as such. \`https\` targets speak HTTP/2 within the tunnel if they prefer it. The
proxy itself may be at an \`https\` URL; \`--insecure\` and \`--ca-file\` hold for its certificate as well. Socks is not supported, and the
variables \`HTTP_PROXY\`, \`HTTPS_PROXY\` and \`NO_PROXY\` are not read.

What fails at the proxy is \`refused\` or \`tls-error\`, and its detail begins with the proxy: it is not there, it wants credentials (407),
it does not reach the server (502, 504), it opens no tunnel (403), it does not speak TLS or HTTP. What fails within the tunnel is told as
without a proxy, with \`through proxy\` and its address.

\`\`\`yaml
load: { rate: 100/s, driver: undici }
target: { url: https://mcp.example.com/mcp }
variants:
  - { name: direct }
  - { name: by the proxy, target.proxy: "http://user:password@127.0.0.1:3128" }
\`\`\`

## Stages

A stage goes linearly from the rate at which the stage before ended (the first: from its own rate, unless \`from\` is given) to its \`rate\`.
With \`step: true\` it jumps there at once. A \`spike\` jumps to its rate for its duration; the stage after it goes on from the rate before it.

\`\`\`yaml
load:
  stages:
    - { duration: 10s, rate: 200/s, from: 0/s } # ramp up
    - { duration: 30s, rate: 200/s }            # hold
    - { duration: 2s, spike: 1k/s }             # spike
    - { duration: 30s, rate: 200/s }            # hold again
    - { duration: 10s, rate: 400/s, step: true } # step
\`\`\`

Warm-up runs at the rate at which the first stage starts; the measured time is the sum of the stages.

## Finite servers

By default an instance works on all requests at once: \`work\` is a timer, one call never makes another one slower, and no balancing policy
can show a difference in response times. With \`fleet.tools.concurrency: N\` an instance has N slots and one queue in front of them:

- Each \`tools/call\`, of whichever tool, and each \`tools/list\` takes a slot from its turn until its answer is ready. Calls and lists share the
  slots, so lists that a client need not make leave more room for calls. \`fleet.tools.list\` is the time that a list takes; by default it takes
  no more than the processor needs for it.
- \`initialize\`, \`server/discover\`, \`ping\`, notifications, GET streams, DELETE and requests that are rejected before they are handled (wrong
  headers, unknown method, unknown session) take no slot and do not wait.
- The queue is first come, first served, and has no limit; a call that waits longer than \`load.timeout\` is a time-out. A caller that closes its
  connection while it waits gives up its turn. Once a request has a slot, it is worked on to the end.
- \`Server-Timing\` has the wait as \`queue\`, apart from \`tool\`; answers whose head is sent before the wait is over have only the time to the head.
- What one \`work\` or \`list\` took too long, because timers are late, the next ones are shorter: each is off by about a millisecond, the mean is as set.
- The delay that a \`slow\` fault injects comes before the queue and takes no slot.

With one slot, Poisson arrivals and exponential \`work\`, an instance is the M/M/1 queue of the textbooks, and is
[checked against it](accuracy.md).

\`\`\`yaml
load: { rate: 280/s, arrivals: poisson } # 4 instances with one slot and 10 ms of work: 70 % of the time busy
calls: [{ tool: work }]
fleet: { server: lean, instances: 4, tools: { work: { exponential: { mean: 10ms } }, concurrency: 1 } }
\`\`\`

## Templates

Strings in \`arguments\` may hold templates. A string that is nothing but one template of a number becomes a JSON number. Draws are seeded: the
same seed gives the same arguments, byte for byte. \`\\{{\` stands for \`{{\` itself; keys are taken as they are.

| template | value |
| --- | --- |
`;

/** The whole text. */
export function profileReference(): string {
  const templates = Object.values(PLACEHOLDERS).map(({ usage, means }) => `| \`${usage}\` | ${means} |\n`);
  return `${HEAD}\n${tables(plainJsonSchema())}${kindsReference()}${VARIANTS}${templates.join('')}`;
}

const ROW_HEAD = '| key | value | default | meaning |\n| --- | --- | --- | --- |\n';

function tables(schema: JsonSchema): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(key, child, required.has(key)),
  );
  return ROW_HEAD + rows.join('');
}

function rowsOf(path: string, schema: JsonSchema, required: boolean): readonly string[] {
  const fallback = required ? 'required' : defaultOf(schema);
  const row = `| \`${path}\` | ${allowedIn(schema)} | ${fallback} | ${schema.description ?? ''} |\n`;
  const inner = schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema.items ?? schema;
  const below = schema.items === undefined ? path : `${path}[]`;
  const requiredBelow = new Set(inner.required);
  const children = Object.entries(inner.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(`${below}.${key}`, child, requiredBelow.has(key)),
  );
  return [row, ...children];
}

function defaultOf({ default: value }: JsonSchema): string {
  if (value === undefined || (typeof value === 'object' && value !== null)) return '';
  return `\`${String(value)}\``;
}

/** What may stand there, in a few words. */
function allowedIn(schema: JsonSchema): string {
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(allowedIn))].join(', or ');
  if (schema.enum !== undefined) return alternatives(schema.enum.map((word) => `\`${word}\``));
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  switch (schema.type) {
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`;
    case 'number':
      return schema.minimum === undefined
        ? `a number above ${schema.exclusiveMinimum}, at most ${schema.maximum}`
        : `a number from ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return schema.items?.properties === undefined
        ? `a list, each ${allowedIn(schema.items ?? {})}`
        : 'a list of mappings';
    case 'object':
      return 'a mapping';
    default:
      throw new Error(`the reference has no words for ${JSON.stringify(schema)}`);
  }
}
