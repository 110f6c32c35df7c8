/** @module Which program an instance of our own runs. */
import type { Era } from '../profile/settings.ts';
import { compiledModule } from '../units/compiled.ts';
import { UserError } from '../units/user-error.ts';

/** A server of our own and the era it speaks. */
export interface OwnServer {
  readonly server: 'sdk' | 'lean';
  readonly era: Era;
}

/** The compiled module of our server of this kind and era. Throws a {@link UserError} when that kind does not speak the era. */
export function serverModule({ server, era }: OwnServer): URL {
  if (server === 'lean' && era === 'sessions') {
    throw new UserError({
      where: 'fleet.era',
      what: 'the lean server has no sessions',
      expected: 'stateless',
      todo: 'set fleet.server: sdk for sessions, or fleet.era: stateless',
    });
  }
  return compiledModule(import.meta.url, `./${server === 'lean' ? 'lean/lean' : `sdk/${era}`}`);
}
