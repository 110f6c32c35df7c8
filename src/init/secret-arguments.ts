/** @module Arguments as a profile may have them: without secrets that the schema of a tool names. */
import { isNamedSecret } from '../profile/named-secrets.ts';
import { isSecretArgument } from '../profile/secrets.ts';
import { isObject, type JsonObject } from '../protocol/json-object.ts';
import type { Tried } from './trial.ts';

/** By the name of a tool, what its schema names (`secretsNamedBy`). */
export type NamedSecrets = ReadonlyMap<string, ReadonlySet<string>>;

/** A call as a profile may have it, and whether a value was replaced in it. */
interface Cleaned {
  readonly tried: Tried;
  readonly isReplaced: boolean;
}

/** `one` with `<NAME>` in place of each value of a parameter with the name of a secret, where the schema of its tool names the value. */
export function withoutNamedSecrets(one: Tried, named: NamedSecrets): Cleaned {
  let isReplaced = false;
  const onReplaced = (): void => {
    isReplaced = true;
  };
  const clean = (tool: string, args: JsonObject): JsonObject =>
    replaced(args, '', named.get(tool) ?? new Set(), onReplaced) as JsonObject;
  const { key, name, arguments: args, flow } = one.candidate;
  if (key !== 'tool' || args === undefined) return { tried: one, isReplaced };
  const steps = flow?.map((step) => ({ ...step, arguments: clean(step.tool, step.arguments) }));
  const candidate = {
    ...one.candidate,
    arguments: clean(name, args),
    ...(steps !== undefined && { flow: steps }),
  };
  return { tried: { ...one, candidate }, isReplaced };
}

/** `value` with the `secrets` replaced that stand below a secret name; `name`: the last one above it, empty for none. */
function replaced(
  value: unknown,
  name: string,
  secrets: ReadonlySet<string>,
  onReplaced: () => void,
): unknown {
  if (isNamedSecret(name, value) && secrets.has(String(value))) {
    onReplaced();
    return `<${name}>`;
  }
  if (Array.isArray(value)) return value.map((each) => replaced(each, name, secrets, onReplaced));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      replaced(each, isSecretArgument(key) ? key : name, secrets, onReplaced),
    ]),
  );
}
