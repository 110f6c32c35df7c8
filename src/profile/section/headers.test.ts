import { afterEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../units/user-error.ts';
import { parseProfile } from '../profile.ts';
import type { Profile } from '../settings.ts';

const profile = (rest: string): Profile =>
  parseProfile(`version: 1\nload: { rate: 1/s }\ncalls: [{ list: tools }]\n${rest}`, 'p.yaml');
const headers = (text: string, key = 'target'): Profile =>
  profile(`${key}: { ${key === 'target' ? 'url: "http://a/", ' : ''}headers: ${text} }`);

function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('there is no problem');
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(['target', 'fleet'])('headers of a %s', (key) => {
  const endpointOf = (text: string) => headers(text, key).variants[0]!.settings.endpoint;

  it('take variables, and keep templates for the agents', () => {
    vi.stubEnv('TOKEN', 'abc{{d');
    const endpoint = endpointOf(
      '{ A: "user-{{agent}}", B: ["x", "y-${TOKEN}"], C: "\\\\{{ \\\\${TOKEN} ${TOKEN}" }',
    );
    expect(endpoint.headers).toEqual({
      A: 'user-{{agent}}',
      B: ['x', 'y-abc\\{{d'],
      C: '\\{{ ${TOKEN} abc\\{{d',
    });
    expect(endpoint.secretHeaders).toEqual(['b', 'c']);
  });

  it.each([
    [
      '{ A: "{{seq}}" }',
      'A: {{seq}} has no value in a header, which is the same in every request of an agent',
    ],
    ['{ A: "{{uuid}}" }', 'A: {{uuid}} has no value in a header'],
    ['{ A: "{{agnet}}" }', 'did you mean {{agent}}?'],
    ['{ A: "{{agent" }', 'A: has an unclosed {{; expected {{agent}}, or \\{{ for literal braces'],
    [
      '{ A: ["x", "${PACELINE_UNSET}"] }',
      'A[1]: the environment variable PACELINE_UNSET is not set (set it)',
    ],
    ['{ A: "${PACELINE_EMPTY}" }', 'A: the environment variable PACELINE_EMPTY is empty (set it)'],
    [
      '{ A: "${PACELINE_LINES}" }',
      'A: the environment variable PACELINE_LINES has a value that no header can carry',
    ],
    ['{ A: "${not a name}" }', 'A: has a ${...} that is not a variable'],
    ['{ A: [] }', 'A: the value (not shown) is not valid; expected at least one value'],
    [
      '{ Mcp-Method: "{{agent}}" }',
      'Mcp-Method: MCP sets this header, so it cannot differ from agent to agent',
    ],
  ])('reject %s with the place of the value', (text, problem) => {
    vi.stubEnv('PACELINE_EMPTY', '');
    vi.stubEnv('PACELINE_LINES', 'a\nb');
    const message = problemOf(() => headers(text, key));
    expect(message).toContain(problem);
    expect(message).toMatch(new RegExp(`^p\\.yaml:4:\\d+ ${key}\\.headers\\.`));
  });

  it('are recorded as written, and not at all where they may be credentials', () => {
    vi.stubEnv('TOKEN', 'hush');
    const { document, notices } = headers('{ Authorization: ["Bearer ${TOKEN}"], X-A: "${TOKEN}" }', key);
    expect(document[key]).toMatchObject({
      headers: { Authorization: ['(not recorded)'], 'X-A': '${TOKEN}' },
    });
    expect(notices.join()).toContain('the value of authorization is sent, and not recorded in the result');
    expect(JSON.stringify([document, notices])).not.toContain('hush');
  });
});

describe('a template where none is read', () => {
  it.each([
    ['target: { url: "http://a/{{agent}}" }', 'target.url: has a {{...}}, but no template is read here'],
    ['target: { url: "http://a/${HOST}" }', 'target.url: has a ${...}, but no variable is read here'],
    ['target: { instances: ["http://a/", "http://a/{{seq}}"] }', 'target.instances[1]: has a {{...}}'],
    ['fleet: { server: { command: node x, path: "/{{port}}" } }', 'fleet.server.path: has a {{...}}'],
    [
      'fleet: {}\nvariants: [{ name: a, calls: [{ tool: "t{{agent}}" }] }]',
      'calls[0].tool (variant "a"): has a {{...}}',
    ],
    [
      'fleet: {}\nvariants: [{ name: a, calls: [{ tool: t, arguments: { "k{{agent}}": 1 } }] }]',
      'calls[0].arguments (variant "a"): has a key with {{, but no template is read in keys',
    ],
  ])('is an error: %s', (text, problem) => {
    expect(problemOf(() => profile(text))).toContain(problem);
  });
});
