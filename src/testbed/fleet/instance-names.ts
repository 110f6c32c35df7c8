/** @module Names of instances: those that their own answers give, else numbers. */
import { UserError } from '../../units/user-error.ts';

/** What can be written in a balancer's configuration and shown in a report. */
const PLAIN = /^[\w.:-]{1,64}$/;

/**
 * Names for instances that call themselves `own` in the response header `header`: their own, and `1` to `N` for those that
 * have none. Throws a {@link UserError} when two of them give the same name, because then every figure of an instance would
 * be wrong.
 */
export function instanceNames(
  own: readonly (string | undefined)[],
  header: string,
  key: 'fleet' | 'target',
): readonly string[] {
  const names = own.map((name, index) => name ?? String(index + 1));
  const duplicate = names.findIndex((name, index) => names.indexOf(name) < index);
  const odd = names.find((name) => !PLAIN.test(name));
  if (duplicate === -1 && odd === undefined) return names;
  throw new UserError({
    where: `${key}.instanceHeader`,
    what:
      odd === undefined
        ? `instances ${names.indexOf(names[duplicate]!) + 1} and ${duplicate + 1} both answer with ${header}: ${names[duplicate]}`
        : `an instance answers with ${header}: ${JSON.stringify(odd.slice(0, 80))}, which is not a valid name`,
    expected: 'a header with a name of its own for each instance',
    todo: 'name another header; the balancer fills in one that the instances do not send',
  });
}
