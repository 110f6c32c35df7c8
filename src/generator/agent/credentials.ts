/** @module The tokens of a worker's agents, as header fields that are made once a token; they may be renewed while the load runs. */
import { type HeaderFields, headerFields, longField, NO_FIELDS } from '../../protocol/header-fields.ts';
import { UserError } from '../../units/user-error.ts';
import type { LoadAuth } from '../engine/load-auth.ts';

/** `b64token` of RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** A worker's place among those that share a load. */
export interface Place {
  readonly worker: number;
  readonly workers: number;
}

/** The credentials of all agents. With a token per call, {@link Credentials.next} takes the next one of the pool of the agent's identity. */
export class Credentials {
  readonly #start: string;
  /** Those that all agents send. */
  readonly #shared: HeaderFields;
  readonly #tokens: (string | null)[];
  /** By agent, from its first request on. */
  readonly #fields: (HeaderFields | undefined)[] = [];
  readonly #pools: readonly Pool[] | undefined;

  /** Throws a `UserError` when a token or a header is not legal; its message has no token. */
  constructor(
    auth: Pick<LoadAuth, 'scheme' | 'identities' | 'tokens' | 'headers' | 'perCall'>,
    place: Place,
  ) {
    this.#start = `Authorization: ${auth.scheme} `;
    this.#shared = auth.headers === undefined ? NO_FIELDS : headerFields(Object.entries(auth.headers));
    this.#tokens = [...auth.tokens];
    this.#pools = auth.perCall ? poolsOf(auth, place) : undefined;
    for (const token of auth.tokens) check(token);
  }

  /** The token of the next request of `agent`; `undefined`: none. */
  next(agent: number): string | undefined {
    const index = this.#pools === undefined ? agent : nextOf(this.#pools, agent);
    return this.#tokens[index] ?? undefined;
  }

  /** The header fields of a request of `agent` with `token`, which {@link Credentials.next} has given. */
  fieldsOf(agent: number, token: string | undefined): HeaderFields {
    if (token === undefined) return this.#shared;
    if (this.#pools !== undefined) return longField(this.#start, token, true).plus(this.#shared);
    let fields = this.#fields[agent];
    if (fields === undefined) {
      fields = longField(this.#start, token).plus(this.#shared);
      this.#fields[agent] = fields;
    }
    return fields;
  }

  /** `agents` have other tokens from now on. Throws a `UserError` when one is not legal. */
  renew(agents: readonly number[], tokens: readonly (string | null)[]): void {
    for (const token of tokens) check(token);
    for (const [i, agent] of agents.entries()) {
      this.#tokens[agent] = tokens[i] ?? null;
      this.#fields[agent] = undefined;
    }
  }
}

/** The tokens of one identity, of which each worker takes every `step`th. */
interface Pool {
  /** The first agent of the next identity. */
  readonly agentsTo: number;
  readonly from: number;
  readonly size: number;
  readonly step: number;
  next: number;
}

/** The pool is divided among the identities in proportion to their agents, in their order. */
function poolsOf(
  { identities, tokens }: Pick<LoadAuth, 'identities' | 'tokens'>,
  place: Place,
): readonly Pool[] {
  const agents = identities.reduce((sum, identity) => sum + identity.agents, 0);
  const startOf = (agent: number): number => Math.floor((tokens.length * agent) / agents);
  let agentsTo = 0;
  return identities.map((identity) => {
    const from = startOf(agentsTo);
    agentsTo += identity.agents;
    return { agentsTo, from, size: startOf(agentsTo) - from, step: place.workers, next: place.worker };
  });
}

/** The index of the next token for `agent`; when a pool is used up, it begins again. */
function nextOf(pools: readonly Pool[], agent: number): number {
  const pool = pools.find(({ agentsTo }) => agent < agentsTo);
  if (pool === undefined || pool.size === 0) return -1;
  const index = pool.from + (pool.next % pool.size);
  pool.next += pool.step;
  return index;
}

function check(token: string | null): void {
  if (token === null || TOKEN.test(token)) return;
  throw new UserError([
    {
      where: 'identities',
      what: 'a token contains a character that is not allowed in tokens',
      expected: 'letters, digits and - . _ ~ + / only (RFC 6750)',
    },
  ]);
}
