/** @module Secrets in the schema of a tool: values that it names for parameters whose names look like a credential. */
import { objectOf } from '../protocol/json-object.ts';
import { isSecretArgument } from './secrets.ts';

/** Keys under which a schema has values. */
const HOLD_VALUES: ReadonlySet<string> = new Set(['const', 'default', 'examples', 'example', 'enum']);

/** One of several values that everybody may know is no secret. */
const isChoice = (node: object): boolean =>
  'enum' in node && Array.isArray(node.enum) && node.enum.length > 1;

/** Words in names of numbers that count or measure something about a credential: `max_tokens`, `key_size`. */
const QUANTITY =
  /tokens|count|limit|max|min|budget|length|size|bits|ttl|timeout|expir|lifetime|age|second|retries|attempts|level|version/i;

/** Whether a schema that names `value` for a parameter names a secret; `name`: that of the parameter that looks like one, or empty. */
export const isNamedSecret = (name: string, value: unknown): value is string | number =>
  name !== '' &&
  (typeof value === 'string' ? value !== '' : typeof value === 'number' && !QUANTITY.test(name));

export const holdsValues = (key: string): boolean => HOLD_VALUES.has(key);

/** The texts and numbers that `schema` names for such parameters, also in objects, lists and definitions that these refer to. */
export function secretsNamedBy(schema: unknown): ReadonlySet<string> {
  const { $defs, definitions } = objectOf(schema);
  const defined = { ...objectOf(definitions), ...objectOf($defs) };
  const found = new Set<string>();
  const entered = new Set<unknown>();

  /** `above`: the last name that looks like a credential, if there is one. */
  const nameOf = (key: string, above: string): string => (isSecretArgument(key) ? key : above);
  const keep = (value: unknown, name: string): void => {
    if (isNamedSecret(name, value)) found.add(String(value));
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) keep(each, nameOf(key, name));
  };
  const read = (node: unknown, name: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (isChoice(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') {
        for (const [each, schema] of Object.entries(objectOf(value))) read(schema, nameOf(each, name));
      } else if (HOLD_VALUES.has(key)) keep(value, name);
      else if (key === '$ref' && name !== '' && !entered.has(value)) {
        entered.add(value);
        read(defined[String(value).split('/').at(-1)!], name);
      } else read(value, name);
    }
  };
  read(schema, '');
  return found;
}
