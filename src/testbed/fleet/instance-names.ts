/** @module What instances are called: as their own answers say, else by number. */
import { UserError } from '../../units/user-error.ts';

/** What a balancer's configuration can spell, and a report can show. */
const PLAIN = /^[\w.:-]{1,64}$/;

/**
 * Names for instances that call themselves `own` in the response header `header`: their own, and `1` to `N` for those that
 * have none. Throws a {@link UserError} when the header does not tell them apart, because then nothing that is said about
 * an instance would be true.
 */
export function instanceNames(
  own: readonly (string | undefined)[],
  header: string,
  key: 'fleet' | 'target',
): readonly string[] {
  const names = own.map((name, index) => name ?? String(index + 1));
  const twin = names.findIndex((name, index) => names.indexOf(name) < index);
  const odd = names.find((name) => !PLAIN.test(name));
  if (twin === -1 && odd === undefined) return names;
  throw new UserError({
    where: `${key}.instanceHeader`,
    what:
      odd === undefined
        ? `instances ${names.indexOf(names[twin]!) + 1} and ${twin + 1} both answer with ${header}: ${names[twin]}`
        : `an instance answers with ${header}: ${JSON.stringify(odd.slice(0, 80))}, which is no name`,
    expected: 'a header with a name of its own for each instance',
    todo: 'name another header; the balancer fills in one that the instances do not send',
  });
}
