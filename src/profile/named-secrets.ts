/** @module Secrets in the schema of a tool: values that it names for parameters whose names look like a credential. */
import { objectOf } from '../protocol/json-object.ts';
import { isSecretArgument } from './secrets.ts';

/** Keys under which a schema has values. */
const HOLD_VALUES: ReadonlySet<string> = new Set(['const', 'default', 'examples', 'example', 'enum']);

/** One of several values that everybody may know is no secret. */
const isChoice = (node: object): boolean =>
  'enum' in node && Array.isArray(node.enum) && node.enum.length > 1;

export const holdsValues = (key: string): boolean => HOLD_VALUES.has(key);

/** The texts that `schema` names for such parameters, also in objects, lists and definitions that these refer to. */
export function secretsNamedBy(schema: unknown): ReadonlySet<string> {
  const { $defs, definitions } = objectOf(schema);
  const defined = { ...objectOf(definitions), ...objectOf($defs) };
  const found = new Set<string>();
  const entered = new Set<unknown>();

  const keep = (value: unknown, secret: boolean): void => {
    if (typeof value === 'string' && secret && value !== '') found.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) keep(each, secret || isSecretArgument(key));
  };
  const read = (node: unknown, secret: boolean): void => {
    if (typeof node !== 'object' || node === null) return;
    if (isChoice(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') {
        for (const [name, each] of Object.entries(objectOf(value)))
          read(each, secret || isSecretArgument(name));
      } else if (HOLD_VALUES.has(key)) keep(value, secret);
      else if (key === '$ref' && secret && !entered.has(value)) {
        entered.add(value);
        read(defined[String(value).split('/').at(-1)!], true);
      } else read(value, secret);
    }
  };
  read(schema, false);
  return found;
}
