/** @module Which program an instance of our own runs. */
import type { Era, EraOf, OwnServerName } from '../profile/kinds.ts';
import { compiledModule } from '../units/compiled.ts';

/** A server of our own and the era it speaks. */
export interface OwnServer {
  readonly server: OwnServerName;
  readonly era: Era;
}

/** Below this folder, one module for each era that a server speaks. */
export const MODULES: { readonly [Server in OwnServerName]: Readonly<Record<EraOf<Server>, string>> } = {
  sdk: { stateless: 'sdk/stateless', sessions: 'sdk/sessions' },
  lean: { stateless: 'lean/stateless', sessions: 'lean/sessions' },
};

/** The compiled module of our server of this kind and era. */
export function serverModule({ server, era }: OwnServer): URL {
  return compiledModule(import.meta.url, `./${MODULES[server][era]}`);
}
