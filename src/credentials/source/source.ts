/** @module A source of tokens for a server whose authorization server Paceline does not start. */
import type { TokenSource } from '../../profile/settings.ts';
import type { Http } from '../http.ts';
import type { IssuedToken } from '../issued-token.ts';

/** What an agent sends. */
export interface Supplied {
  /** Null: none. */
  readonly token: IssuedToken | null;
  /** Headers that are sent besides. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A source that can be asked. */
export interface OpenSource {
  /** Whether every request gives another token, so that each agent has its own. */
  readonly perAgent: boolean;
  /** Whether asking again gives a token that expires later. */
  readonly renews: boolean;
  /** Rejects with a `UserError` that holds no secret. */
  supply(signal?: AbortSignal): Promise<Supplied>;
  /** Calls `changed` whenever there is another token; returns a function that ends this. Absent: only what is asked for is known. */
  watch?(changed: () => void): () => void;
}

/** The settings of one kind of source. */
export type SourceOf<Kind extends TokenSource['kind']> = Extract<TokenSource, { readonly kind: Kind }>;

/** What a source may use. */
export interface SourceContext {
  /** The place in messages: `identities readers`. */
  readonly where: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly http: Http;
  /** URL of the server that the tokens are for; absent: not known yet. */
  readonly url?: string | undefined;
  /** Scopes that the tokens should have; empty: those that the server asks for. */
  readonly scopes: readonly string[];
}

/** The token alone. */
export const supplied = (token: IssuedToken | null): Supplied => ({ token, headers: {} });
