/** @module Keeps docs/result.md a list of the keys that the result file has; `npx vitest run test/result-doc.test.ts -u` writes it again. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FIGURES } from '../src/result/measure/quantities.ts';

/** The quantities that the page describes: what each is about, and where it is absent. */
const DESCRIBED = {
  flows:
    'Calls that are made one after the other ([profile](profile.md#flows)). Absent of a mix without flows.',
  state:
    'State behind handles ([how it is measured](state.md)). Absent when no answer says that its call used a handle.',
  tasks: 'Calls that became tasks (the key `tasks` of a profile). Absent when no call became one.',
  mismatches:
    'Calls that a server refused because their header fields do not say what their body says ([what agents do](your-server.md)). Absent when there was none.',
  rounds:
    'Calls that servers asked back (`agents.answers` of a profile). Absent where agents do not answer what servers ask for.',
} as const satisfies Partial<Record<keyof typeof FIGURES, string>>;

/** What this page needs of a JSON schema. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Key {
  readonly path: string;
  readonly value: string;
  readonly meaning: string | undefined;
}

/** The keys below `schema`, in their order. Members of a list that mean what they mean in its parent (`known`) are left out. */
function keysOf(schema: Schema, prefix = '', known: Readonly<Record<string, Schema>> = {}): readonly Key[] {
  const { properties = {} } = schema;
  return Object.entries(properties).flatMap(([name, one]): readonly Key[] => {
    if (known[name] !== undefined && known[name].description === one.description) return [];
    const path = `${prefix}${name}`;
    const key = { path, value: kindOf(one), meaning: one.description };
    return one.items === undefined ? [key] : [key, ...keysOf(one.items, `${path}[].`, properties)];
  });
}

function kindOf({ type, properties, anyOf }: Schema): string {
  if (anyOf !== undefined) return anyOf.map(kindOf).join(' or ');
  if (properties?.['p50Us'] !== undefined) return 'distribution';
  switch (type) {
    case 'integer':
      return 'whole number';
    case 'string':
      return 'text';
    case 'array':
      return 'list';
    case 'object':
      return 'numbers by name';
    default:
      return type ?? '';
  }
}

const quantities = Object.entries(DESCRIBED).map(([name, about]) => ({
  name,
  about,
  keys: keysOf(z.toJSONSchema(FIGURES[name as keyof typeof DESCRIBED]) as Schema),
}));

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const PAGE = `# The result file

\`paceline run\` writes \`result.json\` beside the report, and \`paceline run PROFILE --json\` prints the same document. Its schema is
\`paceline/result@1\`: keys are added, and none changes its meaning, so a later version of Paceline reads it as well. Times are whole microseconds, and the names of their keys end in \`Us\`.

What was measured stands in \`variants[].repetitions[]\`, for each trial, and in \`variants[].summary\`, for all repetitions of a variant together. Both
have the same key for each quantity. This page describes some of them; [metrics.md](metrics.md) lists the numbers of all quantities that thresholds can bound.

\`\`\`sh
jq '.variants[] | { name, flows: .summary.flows }' result.json
\`\`\`

A *distribution* has the number of times in it (\`count\`) and, in microseconds, \`meanUs\`, \`p50Us\`, \`p90Us\`, \`p95Us\`, \`p99Us\`, \`p999Us\` and
\`maxUs\`, which are 0 when \`count\` is 0.

${quantities
  .map(
    ({ name, about, keys }) => `## ${name}

${about}

${[row(['key', 'value', 'meaning']), row(['---', '---', '---']), ...keys.map(({ path, value, meaning }) => row([`\`${path}\``, value, meaning ?? '']))].join('\n')}
`,
  )
  .join('\n')}`;

describe('docs/result.md', () => {
  it('lists every key of the quantities that it describes', async () => {
    await expect(PAGE).toMatchFileSnapshot('../docs/result.md');
  });

  it.each(quantities.flatMap(({ name, keys }) => keys.map((key) => ({ ...key, name }))))(
    'says what $name.$path is',
    ({ meaning }) => {
      expect(meaning).toMatch(/\.$/);
    },
  );
});
