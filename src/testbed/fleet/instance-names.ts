/** @module Names of instances: taken from their own answers, else numbers. */
import { UserError } from '../../units/user-error.ts';

/** Names that can be written in a balancer's configuration and shown in a report. */
const PLAIN = /^[\w.:-]{1,64}$/;

/**
 * Names for instances that identify themselves as `own` in the response header `header`: their own names, and `1` to `N` for those that
 * send none. Throws a {@link UserError} when two of them send the same name, because then every figure of an instance would
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
        ? `instances ${names.indexOf(names[duplicate]!) + 1} and ${duplicate + 1} both send the header ${header}: ${names[duplicate]}`
        : `an instance sends the header ${header}: ${JSON.stringify(odd.slice(0, 80))}, which is not a valid name`,
    expected: 'a header that differs for each instance',
    todo: 'choose another header; the balancer adds one that the instances do not send',
  });
}
