/** @module nginx variables: what a variable is derived from, through `map`, `set`, `split_clients` and `geo`. */
import type { Spot } from '../finding.ts';
import type { Directive } from './parse.ts';

/** The variables of one file. */
export interface Variables {
  /** True when a variable in `text` is, or is derived from, one whose name (without `$`) `matches`. */
  derivesFrom(text: string, matches: (name: string) => boolean): boolean;
  /** The plain values that a variable can have. */
  valuesOf(name: string): readonly string[];
  /** The definitions of a variable (name without `$`); empty for a built-in variable of nginx. */
  definitionsOf(name: string): readonly NginxDefinition[];
  /** Every `split_clients`: a hash of the source selects the value of the variable. */
  readonly splits: readonly Split[];
}

/** A `split_clients` block. */
interface Split {
  readonly source: string;
  /** Name without `$`. */
  readonly variable: string;
  readonly at: Spot;
}

/** A `map`, `geo`, `split_clients` or `set`. */
export interface NginxDefinition {
  /** The texts that select a case. */
  readonly sources: readonly string[];
  /** The values it can have. */
  readonly cases: readonly NginxCase[];
}

/** One entry of a definition. */
export interface NginxCase {
  /** What the source must match: a text, a pattern after `~`, or `default`. A `set` is always `default`. */
  readonly key: string;
  readonly value: string;
}

const NAME = /\$\{?(\w+)\}?/g;

/** The names of the variables in `text`, without `$`. */
export const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(NAME)].map((match) => match[1]!);

/** Collects the definitions of a file. */
export function readVariables(tree: readonly Directive[]): Variables {
  const definitions = new Map<string, NginxDefinition[]>();
  for (const [name, definition] of definitionsIn(tree)) {
    definitions.set(name, [...(definitions.get(name) ?? []), definition]);
  }
  const closure = (start: readonly string[]): ReadonlySet<string> => {
    const seen = new Set(start);
    // A Set can grow while it is iterated, so this loop also visits the names that it adds.
    for (const name of seen) {
      for (const { sources, cases } of definitions.get(name) ?? []) {
        for (const text of [...sources, ...cases.map(({ value }) => value)]) {
          for (const inner of namesIn(text)) seen.add(inner);
        }
      }
    }
    return seen;
  };
  const known = new Map<string, ReadonlySet<string>>();
  return {
    splits: [...splitsIn(tree)],
    definitionsOf: (name) => definitions.get(name) ?? [],
    derivesFrom: (text, matches) => {
      const names = known.get(text) ?? closure(namesIn(text));
      known.set(text, names);
      return [...names].some(matches);
    },
    valuesOf: (name) =>
      [...closure([name])]
        .flatMap((each) => definitions.get(each) ?? [])
        .flatMap(({ cases }) => cases.map(({ value }) => value))
        .filter((value) => !value.startsWith('$')),
  };
}

function* definitionsIn(tree: readonly Directive[]): Generator<readonly [string, NginxDefinition]> {
  for (const { name, args, block } of tree) {
    const variable = (args.at(-1) ?? '').replace(/^\$/, '');
    if ((name === 'map' || name === 'split_clients' || name === 'geo') && block) {
      const cases = block
        .filter((entry) => !['hostnames', 'volatile', 'include'].includes(entry.name))
        .map((entry) => ({ key: entry.name, value: entry.args.at(-1) ?? '' }));
      yield [variable, { sources: args.slice(0, -1), cases }];
    } else if (name === 'set' && args[0] !== undefined) {
      yield [args[0].replace(/^\$/, ''), { sources: [], cases: [{ key: 'default', value: args[1] ?? '' }] }];
    } else if (block) yield* definitionsIn(block);
  }
}

function* splitsIn(tree: readonly Directive[]): Generator<Split> {
  for (const { name, args, at, block } of tree) {
    if (name === 'split_clients') {
      yield { source: args[0] ?? '', variable: (args[1] ?? '').replace(/^\$/, ''), at };
    } else if (block) yield* splitsIn(block);
  }
}
