/** @module The gate of the mode `gateway`: checks the token of every request, and hands the caller on to the instance in a signed field. */
import { denialBody } from '../../guard/denial.ts';
import type { Decision, Guard, GuardedOperation, GuardedRequest } from '../../guard/guard.ts';
import { GATEWAY_HEADER } from '../../guard/modes/gateway-header.ts';
import { resourceMetadataPaths } from '../../protocol/authorization/metadata.ts';
import { decodeHeaderValue } from '../../protocol/headers.ts';
import type { Micros } from '../../units/time.ts';
import { fieldIn } from './fields.ts';
import type { Changes, Gate, GateDecision } from './gate.ts';
import type { ClientHead } from './heads.ts';
import type { OwnAnswer } from './own-answer.ts';
import type { Piece } from './piece.ts';

/** A token is never passed on; the field of the gateway is passed on only when the gateway wrote it. */
const REMOVED: ReadonlySet<string> = new Set(['authorization', GATEWAY_HEADER]);

/** What is used of a guard. */
type Checking = Pick<Guard, 'check' | 'handOver'>;

/**
 * The gate of `guard` in front of instances whose endpoint is at `path`. Their metadata (RFC 9728) is read without a token. An answer
 * says in an additional field `Server-Timing` how long the authentication took: from when the gateway has read the head, so that
 * waiting for keys is in it, and waiting in the socket while the gateway is busy is not.
 */
export function gateway(guard: Checking, path: string): Gate {
  const open = resourceMetadataPaths(path);
  return (head, first) => {
    if (head.method === 'GET' && open.includes(head.target.split('?', 1)[0]!)) return FORWARD;
    const decision = guard.check(new RequestOfHead(head, first));
    return decision instanceof Promise ? decision.then(settle) : settle(decision);
  };

  function settle(decision: Decision): GateDecision {
    return decision.kind === 'denied'
      ? { kind: 'answer', answer: refusal(decision) }
      : { kind: 'forward', changes: handedOver(guard, decision) };
  }
}

const FORWARD: GateDecision = {
  kind: 'forward',
  changes: { removed: REMOVED, added: '', addedToAnswer: '' },
};

type Allowed = Extract<Decision, { readonly kind: 'allowed' }>;
type Denied = Extract<Decision, { readonly kind: 'denied' }>;

function handedOver(guard: Checking, { identity, authUs }: Allowed): Changes {
  const fields = identity === undefined ? [] : (guard.handOver?.(identity) ?? []);
  return {
    removed: REMOVED,
    added: fields.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
    addedToAnswer: authUs === undefined ? '' : `server-timing: ${timing(authUs)}\r\n`,
  };
}

function refusal(denial: Denied): OwnAnswer {
  const { status, challenge, authUs } = denial;
  const fields = {
    'content-type': 'application/json',
    ...(challenge !== '' && { 'www-authenticate': challenge }),
    ...(authUs !== undefined && { 'server-timing': timing(authUs) }),
  };
  return { status, fields, body: denialBody(denial) };
}

/** Source: W3C Server Timing; milliseconds. */
const timing = (authUs: Micros): string => `auth;dur=${(authUs / 1000).toFixed(3)}`;

/** What is known of a request when its head has come. Read only where a guard asks for it. */
class RequestOfHead implements GuardedRequest {
  readonly #head: ClientHead;
  readonly #first: Piece<ClientHead>;

  constructor(head: ClientHead, first: Piece<ClientHead>) {
    this.#head = head;
    this.#first = first;
  }

  get httpMethod(): string {
    return this.#head.method;
  }

  header(name: string): string | undefined {
    return fieldIn(this.#head.fields.text, name);
  }

  get operation(): GuardedOperation {
    const { mcpMethod, mcpName } = this.#head.fields;
    const name = mcpName && decodeHeaderValue(mcpName);
    return { method: mcpMethod ?? this.#head.method, ...(name !== undefined && { name }) };
  }

  /** In the message, which a refusal looks at when all of it came with the head; else in the field of that name. */
  get traceparent(): string | undefined {
    const { chunk, from, to, last } = this.#first;
    const inMessage = last ? traceparentIn(chunk.toString('utf8', from, to)) : undefined;
    return inMessage ?? this.header('traceparent');
  }
}

function traceparentIn(body: string): string | undefined {
  try {
    const message = JSON.parse(body) as {
      readonly params?: { readonly _meta?: { readonly traceparent?: unknown } };
    };
    const traceparent = message?.params?._meta?.traceparent;
    return typeof traceparent === 'string' ? traceparent : undefined;
  } catch {
    return undefined;
  }
}
