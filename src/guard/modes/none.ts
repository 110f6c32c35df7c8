/** @module Mode `none`: no token is read. */
import type { CreateAuthenticator } from '../guard.ts';

export const none: CreateAuthenticator = () => ({ authenticate: () => undefined });
