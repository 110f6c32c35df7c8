/** @module Headers that the user adds to every request, of a target or of a fleet. */
import { z } from 'zod';
import { isSecretName, NOT_RECORDED } from '../secrets.ts';
import { fillVariables, headerProblems, isPerAgent } from '../template/header-text.ts';
import type { HeaderSettings } from './endpoint.ts';
import type { Secrets } from './section.ts';
import { headerName, type Violation, violationAt, withRule } from './values.ts';

/** Headers that the protocol sets in every request. One value for all agents may replace them. */
const OF_PROTOCOL = /^(accept|content-type|mcp-.+|traceparent|tracestate)$/i;

const LINE = z
  .string({ error: 'text; quote it' })
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'text in one line' });

const VALUE = 'text, or a list of texts, one for each agent';

/** Values by the names of headers. */
export const Headers = withRule(
  z.record(
    headerName(),
    z.union([LINE, z.array(LINE, { error: VALUE }).min(1, { error: 'at least one value' })], {
      error: VALUE,
    }),
    { error: 'a mapping of header names to values' },
  ),
  (headers) => Object.entries(headers).flatMap(([name, value]) => valueProblems(name, value)),
);

function valueProblems(name: string, value: unknown): readonly Violation[] {
  const texts: readonly (readonly [Violation['path'], unknown])[] = Array.isArray(value)
    ? value.map((text, index) => [[name, index], text])
    : [[[name], value]];
  const problems = texts.flatMap(([path, text]) =>
    typeof text !== 'string' ? [] : headerProblems(text, process.env).map((problem) => ({ path, problem })),
  );
  if (problems.length > 0 || !OF_PROTOCOL.test(name) || !isPerAgent(value as string | string[]))
    return problems;
  return violationAt([name], {
    what: 'MCP sets this header, so it cannot differ from agent to agent',
    expected: 'one value without {{agent}}',
  });
}

/** The settings of `headers`, with their variables filled in. */
export function completeHeaders(headers: z.output<typeof Headers>): HeaderSettings {
  const fill = (text: string): string => fillVariables(text, process.env);
  const entries = Object.entries(headers);
  const fromEnvironment = entries.filter(([, value]) => /(?<!\\)\$\{/.test(String(value)));
  return {
    headers: Object.fromEntries(
      entries.map(([name, value]) => [name, typeof value === 'string' ? fill(value) : value.map(fill)]),
    ),
    ...(fromEnvironment.length > 0 && {
      secretHeaders: fromEnvironment.map(([name]) => name.toLowerCase()),
    }),
  };
}

/** What of the headers at `at` is not recorded: the values of those that may be credentials by their name. */
export function headerSecrets(at: string, notice: NonNullable<Secrets['notice']>): Secrets {
  return {
    at: [at],
    quotable: false,
    inKeys: true,
    record(value, key) {
      // In a list, the key ends with the place of the value.
      const name = key.replace(/\.\d+$/, '');
      return isSecretName(name)
        ? { value: NOT_RECORDED, hidden: [name.toLowerCase()] }
        : { value, hidden: [] };
    },
    notice,
  };
}
