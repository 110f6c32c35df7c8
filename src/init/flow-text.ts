/** @module A flow as a profile has it: its steps, and what they save for later ones. */
import { asciiJson } from '../protocol/call.ts';
import type { Step } from '../session-audit/flow.ts';
import type { Source } from '../synthesis/learned.ts';
import { quoted, withoutTemplatesIn } from './quoted.ts';

/** The lines of a flow called `name`, without its weight. */
export function flowLines(name: string, steps: readonly Step[]): readonly string[] {
  const names = savedNames(steps);
  return [
    `  - name: ${quoted(name.replace(/[{}/]/g, '_'))}`,
    '    flow:',
    ...steps.map((step) => `      - { ${stepText(step, names)} }`),
  ];
}

/** The name under which each value is saved, by {@link keyOf} its source. */
type Names = ReadonlyMap<string, { readonly name: string; readonly source: Source }>;

/** Each value that a step takes from an earlier one has the name of its parameter; of several with one name, the later ones have a number. */
function savedNames(steps: readonly Step[]): Names {
  const names = new Map<string, { readonly name: string; readonly source: Source }>();
  const used = new Set<string>();
  for (const { from } of steps) {
    for (const [parameter, source] of Object.entries(from)) {
      if (names.has(keyOf(source))) continue;
      const plain = parameter.replace(/[^A-Za-z0-9_-]/g, '_');
      let name = plain;
      for (let number = 2; used.has(name); number += 1) name = `${plain}_${number}`;
      used.add(name);
      names.set(keyOf(source), { name, source });
    }
  }
  return names;
}

const keyOf = (source: Source): string => JSON.stringify(source);

function stepText({ tool, arguments: fixed, from }: Step, names: Names): string {
  const taken = Object.entries(from).map(([parameter, source]) => [
    parameter,
    `{{saved.${names.get(keyOf(source))!.name}}}`,
  ]);
  const args = { ...(withoutTemplatesIn(fixed) as object), ...Object.fromEntries(taken) };
  const saved = [...names.values()].filter(({ source }) => source.tool === tool);
  const save = Object.fromEntries(saved.map(({ name, source }) => [name, pathOf(source)]));
  return [
    `tool: ${quoted(tool)}`,
    ...(Object.keys(args).length === 0 ? [] : [`arguments: ${quoted(args)}`]),
    ...(saved.length === 0 ? [] : [`save: ${quoted(save)}`]),
  ].join(', ');
}

/** The JSONPath (RFC 9535) of a source, from the data of the result. */
function pathOf({ path }: Pick<Source, 'path'>): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${asciiJson(part)}]`;
  });
  return `$${parts.join('')}`;
}
