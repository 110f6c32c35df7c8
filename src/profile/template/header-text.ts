/** @module Values of the user's headers: `{{agent}}`, variables of the environment, and lists with a value for each agent. */
import { nearest } from '../../units/words.ts';
import type { RuleProblem } from '../section/values.ts';
import { PLACEHOLDERS } from './placeholder.ts';

/**
 * The user's headers: of each name a value, or a list of which agent `i` sends number `i mod length`. Variables are filled in;
 * `{{agent}}` is still as written.
 */
export type UserHeaders = Readonly<Record<string, string | readonly string[]>>;

/** An escaped `\{{`, a placeholder, or an unclosed one. */
const TEMPLATE = /\\\{\{|\{\{(.*?)\}\}|\{\{.*/gs;
/** An escaped `\${`, a variable, or an unclosed one. */
const VARIABLE = /\\\$\{|\$\{(.*?)\}|\$\{.*/gs;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const EXPECTED_TEMPLATE = '{{agent}}, or \\{{ for literal braces';
const EXPECTED_VARIABLE = `a name of letters, digits and _, as in \${TOKEN}, or \\\${ for a literal \${`;

/** Variables of the environment by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The problems of a header's value. It may be a credential, so nothing else is quoted from it than names. */
export function headerProblems(text: string, environment: Environment): readonly RuleProblem[] {
  return [
    ...[...text.matchAll(TEMPLATE)].flatMap(([piece, name]) => templateProblem(piece, name)),
    ...[...text.matchAll(VARIABLE)].flatMap(([piece, name]) => variableProblem(piece, name, environment)),
  ];
}

function templateProblem(piece: string, name: string | undefined): readonly RuleProblem[] {
  if (piece.startsWith('\\') || name?.trim() === 'agent') return [];
  if (name === undefined) return [{ what: 'has an unclosed {{', expected: EXPECTED_TEMPLATE }];
  const [word = ''] = name.trim().split(/\s/);
  if (Object.hasOwn(PLACEHOLDERS, word)) {
    const what = `{{${word}}} has no value in a header, which is the same in every request of an agent`;
    return [{ what, expected: EXPECTED_TEMPLATE }];
  }
  const hint = nearest(word, ['agent']) === undefined ? {} : { todo: 'did you mean {{agent}}?' };
  return [{ what: 'has a {{...}} that is not a placeholder', expected: EXPECTED_TEMPLATE, ...hint }];
}

function variableProblem(
  piece: string,
  name: string | undefined,
  environment: Environment,
): readonly RuleProblem[] {
  if (piece.startsWith('\\')) return [];
  if (name === undefined || !NAME.test(name)) {
    return [{ what: `has a \${...} that is not a variable`, expected: EXPECTED_VARIABLE }];
  }
  const value = environment[name];
  if (value === undefined || value === '') {
    return [
      { what: `the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}`, todo: 'set it' },
    ];
  }
  if (/^[\t\x20-\x7e]*$/.test(value)) return [];
  const expected = 'printable ASCII on one line';
  return [{ what: `the environment variable ${name} has a value that no header can carry`, expected }];
}

/** `text` with its variables filled in. It must have no {@link headerProblems}. */
export function fillVariables(text: string, environment: Environment): string {
  // Braces in the value of a variable are no template.
  return text.replace(VARIABLE, (_, name?: string) =>
    name === undefined ? '${' : environment[name]!.replaceAll('{{', '\\{{'),
  );
}

/** Whether a header's value is not the same for all agents. */
export function isPerAgent(value: string | readonly string[]): boolean {
  return (
    typeof value !== 'string' || [...value.matchAll(TEMPLATE)].some(([piece]) => !piece.startsWith('\\'))
  );
}

/** The headers that all agents send alike. */
export function sharedHeaders(headers: UserHeaders): Readonly<Record<string, string>> {
  return rendered(
    Object.entries(headers).filter(([, value]) => !isPerAgent(value)),
    0,
  );
}

/** The headers that only `agent` sends like this. */
export function ownHeaders(headers: UserHeaders, agent: number): Readonly<Record<string, string>> {
  return rendered(
    Object.entries(headers).filter(([, value]) => isPerAgent(value)),
    agent,
  );
}

/** All headers, as `agent` sends them. */
export function headersOf(headers: UserHeaders, agent: number): Readonly<Record<string, string>> {
  return rendered(Object.entries(headers), agent);
}

function rendered(
  entries: readonly (readonly [string, string | readonly string[]])[],
  agent: number,
): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(([name, value]) => [name, renderedValue(value, agent)]));
}

function renderedValue(value: string | readonly string[], agent: number): string {
  const text = typeof value === 'string' ? value : value[agent % value.length]!;
  return text.replace(TEMPLATE, (piece) => (piece.startsWith('\\') ? '{{' : String(agent)));
}
