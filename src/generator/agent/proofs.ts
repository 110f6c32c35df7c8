/** @module Proofs of possession for the requests of a worker's agents (DPoP, RFC 9449). */
import { createProver, type Prover } from '../../credentials/proof.ts';
import { type HeaderFields, longField } from '../../protocol/header-fields.ts';
import { streamKey } from '../../units/random.ts';
import type { Millis } from '../../units/time.ts';
import type { LoadAuth } from '../engine/load-auth.ts';
import type { Place } from './credentials.ts';

export interface ProofsOptions extends Place {
  readonly auth: Pick<LoadAuth, 'identities' | 'url'>;
  readonly seed: number;
  /** The time of day. */
  readonly epochMs: () => Millis;
}

/** Digits of the number of a call in the id of a proof, so that all proofs of a key have one length. */
const DIGITS = 12;

/** Makes a proof for each request. Each identity has a key. */
export class Proofs {
  readonly #options: ProofsOptions;
  readonly #provers: readonly { readonly agentsTo: number; readonly prove: Prover | undefined }[];
  /** Begins every id: differs between loads, because a server may remember the ids of an earlier one. */
  readonly #prefix: string;
  readonly #url: string;
  #ownRequests = 0;

  constructor(options: ProofsOptions) {
    const { auth, seed, epochMs } = options;
    this.#options = options;
    let agentsTo = 0;
    this.#provers = auth.identities.map(({ agents, key }) => {
      agentsTo += agents;
      return { agentsTo, prove: key === undefined ? undefined : createProver(key) };
    });
    this.#prefix = `${streamKey(seed, 'trace').toString(36)}${epochMs().toString(36)}`;
    // Without query and fragment (RFC 9449, section 4.2).
    this.#url = auth.url.replace(/[?#].*$/, '');
  }

  /**
   * The field `DPoP` for one request of `agent`, sent with `token`; `method` as an operation names it, `seq` the number of the call, if it
   * is one. An identity without a key has no proofs.
   */
  of(agent: number, method: string, seq: number | undefined, token: string): HeaderFields | undefined {
    const prove = this.#provers.find(({ agentsTo }) => agent < agentsTo)?.prove;
    if (prove === undefined) return undefined;
    const iat = Math.floor(this.#options.epochMs() / 1000);
    const proof = prove(httpMethod(method), this.#url, token, iat, this.#idOf(seq));
    return longField('DPoP: ', proof, true);
  }

  /** The same seed gives the calls of a load the same ids, apart from the prefix. */
  #idOf(seq: number | undefined): string {
    if (seq !== undefined) return `${this.#prefix}-${String(seq).padStart(DIGITS, '0')}`;
    this.#ownRequests += 1;
    return `${this.#prefix}-w${this.#options.worker}-${this.#ownRequests}`;
  }
}

/** The HTTP method of an operation: messages are sent with POST. */
function httpMethod(method: string): 'GET' | 'DELETE' | 'POST' {
  return method === 'GET' || method === 'DELETE' ? method : 'POST';
}
