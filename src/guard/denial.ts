/** @module A refusal in the words of HTTP and OAuth: status, challenge and body. Source: RFC 6750, section 3; RFC 9449, section 7.1; MCP, Authorization, Error Handling. */
import { challengeText, type TokenScheme } from '../protocol/authorization/challenge.ts';
import { PROOF_ALGORITHMS } from '../protocol/authorization/metadata.ts';
import { REASON_STATUS, type Reason } from '../protocol/authorization/reason.ts';
import type { Denial } from './guard.ts';

/** An error of OAuth as it is answered. */
interface OAuthError {
  readonly error: 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'temporarily_unavailable';
  readonly description: string;
}

const token = (description: string): OAuthError => ({ error: 'invalid_token', description });
const scope = (description: string): OAuthError => ({ error: 'insufficient_scope', description });
const proof = (description: string): OAuthError => ({ error: 'invalid_dpop_proof', description });

const ERRORS: Readonly<Record<Reason, OAuthError>> = {
  missing: token('The request has no access token'),
  malformed: token('Authorization does not hold one access token of the expected scheme'),
  'bad-signature': token('The signature of the access token does not match'),
  'unknown-key': token('The access token is signed with an unknown key'),
  'wrong-issuer': token('The access token is of another issuer'),
  'wrong-audience': token('The access token is for another resource'),
  expired: token('The access token has expired'),
  'not-yet-valid': token('The access token is not valid yet'),
  revoked: token('The access token is not active'),
  'bad-proof': proof('The proof of possession does not match the request and its access token'),
  'replayed-proof': proof('The proof of possession was used before'),
  'not-by-gateway': token('The request did not come through the gateway'),
  'scope-missing': scope('The access token lacks a scope that the operation requires'),
  'policy-denied': scope('The policy does not permit the operation'),
  'server-unavailable': {
    error: 'temporarily_unavailable',
    description: 'The authorization server does not answer',
  },
};

/** What a challenge tells the caller besides the error. */
export interface ChallengeContext {
  readonly scheme: TokenScheme;
  /** URL of the metadata of the resource; undefined as long as that has no URL. */
  readonly metadataUrl: string | undefined;
  /** All scopes that the operation requires. */
  readonly required: readonly string[];
}

/** The refusal of a request for `reason`. */
export function denialOf(reason: Reason, context: ChallengeContext): Denial {
  const status = REASON_STATUS[reason];
  const { description } = ERRORS[reason];
  const challenge = status === 503 ? '' : challengeOf(reason, context);
  return { kind: 'denied', reason, status, challenge, description };
}

/** The parameters stand in the order in which MCP gives them. */
function challengeOf(reason: Reason, { scheme, metadataUrl, required }: ChallengeContext): string {
  const { error, description } = ERRORS[reason];
  const scopes = ['scope', required.length === 0 ? undefined : required.join(' ')] as const;
  const metadata = ['resource_metadata', metadataUrl] as const;
  const described = ['error_description', description] as const;
  const algorithms = ['algs', scheme === 'DPoP' ? PROOF_ALGORITHMS.join(' ') : undefined] as const;
  // A client that has sent no token has made no error. Source: RFC 6750, section 3.1.
  if (reason === 'missing') return challengeText(scheme, [metadata, scopes, algorithms]);
  if (error === 'insufficient_scope') {
    return challengeText(scheme, [['error', error], scopes, metadata, described, algorithms]);
  }
  return challengeText(scheme, [['error', error], described, scopes, metadata, algorithms]);
}

/** The body of the answer: JSON in ASCII. Source: RFC 6749, section 5.2. */
export function denialBody({ reason, description }: Denial): string {
  return JSON.stringify({ error: ERRORS[reason].error, error_description: description });
}
