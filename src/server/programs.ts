/** @module Which program an instance of our own runs. */
import type { Era, EraOf, OwnServerName } from '../profile/kinds.ts';
import { unsupportedServerEra } from '../profile/unsupported.ts';
import { compiledModule } from '../units/compiled.ts';
import { UserError } from '../units/user-error.ts';

/** A server of our own and the era it speaks. */
export interface OwnServer {
  readonly server: OwnServerName;
  readonly era: Era;
}

/** Below this folder, one module for each era that a server speaks. */
export const MODULES: { readonly [Server in OwnServerName]: Readonly<Record<EraOf<Server>, string>> } = {
  sdk: { stateless: 'sdk/stateless', sessions: 'sdk/sessions' },
  lean: { stateless: 'lean/lean' },
};

/** The compiled module of our server of this kind and era. Throws a {@link UserError} when that kind does not speak the era. */
export function serverModule({ server, era }: OwnServer): URL {
  const problem = unsupportedServerEra(server, era);
  if (problem !== undefined) throw new UserError({ where: 'fleet.era', ...problem });
  const modules: Readonly<Partial<Record<Era, string>>> = MODULES[server];
  return compiledModule(import.meta.url, `./${modules[era]}`);
}
