/** @module The signed header by which a gateway tells an instance who calls. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Identity } from '../guard.ts';

/** The gateway removes what a client sends under this name. */
export const GATEWAY_HEADER = 'paceline-identity';

/** What the header is signed for, and until when. */
export interface GatewayTerms {
  /** Shared by the gateway and the instances. */
  readonly secret: string;
  readonly audience: string;
  readonly nowSeconds: number;
}

/**
 * How long a header counts. A proxy writes it when it sends the request on, so a second would do on an idle machine; an instance that
 * is behind reads it later. Who can read the traffic between the gateway and an instance can repeat the header for this long.
 */
const LIFETIME_SECONDS = 10;

/** `base64url(JSON).base64url(HMAC-SHA256 of the first part)`. */
export function writeGatewayHeader(
  identity: Identity,
  { secret, audience, nowSeconds }: GatewayTerms,
): string {
  const { client, actor, scopes, tokenHash } = identity;
  const content = {
    client,
    actor,
    scopes: [...scopes],
    tokenHash,
    audience,
    until: nowSeconds + LIFETIME_SECONDS,
  };
  const text = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${text}.${signature(text, secret)}`;
}

/** The identity in a header that the gateway wrote for `audience` and that is still good; undefined otherwise. */
export function readGatewayHeader(value: string, terms: GatewayTerms): Identity | undefined {
  const [text = '', signed = '', ...more] = value.split('.');
  const expected = Buffer.from(signature(text, terms.secret));
  const found = Buffer.from(signed);
  if (more.length > 0 || found.length !== expected.length || !timingSafeEqual(found, expected))
    return undefined;
  const { audience, until, ...content } = parsed(text);
  return audience === terms.audience && terms.nowSeconds < until ? identityIn(content) : undefined;
}

/** The identity that a header claims, whoever wrote it; undefined for a text that is none. */
export function claimedInGatewayHeader(value: string): Identity | undefined {
  try {
    return identityIn(parsed(value.split('.', 1)[0] ?? ''));
  } catch {
    return undefined;
  }
}

interface Content {
  readonly client: string;
  readonly actor: string;
  readonly scopes: readonly string[];
  readonly tokenHash: string;
}

function parsed(text: string): Content & { readonly audience: string; readonly until: number } {
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}

function identityIn({ client, actor, scopes, tokenHash }: Content): Identity {
  return { client, actor, scopes: new Set(scopes), tokenHash };
}

function signature(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
