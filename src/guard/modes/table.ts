/** @module The modes of authentication by name. */
import type { AuthModeName } from '../../profile/auth-kinds.ts';
import type { CreateAuthenticator } from '../guard.ts';
import { dpop } from './dpop.ts';
import { gateway } from './gateway.ts';
import { introspection } from './introspection.ts';
import { introspectionCached } from './introspection-cached.ts';
import { jwt } from './jwt.ts';
import { none } from './none.ts';
import { planted } from './plant.ts';
import { session } from './session.ts';

const AUTHENTICATORS: Readonly<Record<AuthModeName, CreateAuthenticator>> = {
  none,
  session,
  jwt,
  introspection,
  'introspection-cached': introspectionCached,
  gateway,
  dpop,
};

/** The authenticator of the mode that `context` names, with the faults that are planted into it. */
export const createAuthenticator: CreateAuthenticator = (context) =>
  planted(AUTHENTICATORS[context.input.mode](context), context.input.plant);
