/** @module Where the metadata of a protected resource and of an authorization server is, and what the former says. Source: RFC 9728; RFC 8414; MCP, Authorization Server Discovery. */
import type { TokenScheme } from './challenge.ts';

const WELL_KNOWN_RESOURCE = '/.well-known/oauth-protected-resource';
const WELL_KNOWN_SERVER = '/.well-known/oauth-authorization-server';
const WELL_KNOWN_OPENID = '/.well-known/openid-configuration';

/** Algorithms of proofs of possession that a fleet accepts (RFC 9449, section 5.1). */
export const PROOF_ALGORITHMS: readonly string[] = ['ES256', 'EdDSA'];

/** Paths at which the resource at `path` has its metadata: the path inserted behind the well-known one, and the root form. */
export function resourceMetadataPaths(path: string): readonly string[] {
  const inserted = `${WELL_KNOWN_RESOURCE}${pathOf(path)}`;
  return inserted === WELL_KNOWN_RESOURCE ? [inserted] : [inserted, WELL_KNOWN_RESOURCE];
}

/** The URL of the metadata of `resource`, with the path of the resource appended. Source: RFC 9728, section 3.1. */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return `${origin}${WELL_KNOWN_RESOURCE}${pathOf(pathname)}`;
}

/**
 * Where a client looks for the metadata of `resource`, in this order; `named` is `resource_metadata` of the challenge. Source: MCP,
 * Protected Resource Metadata Discovery Requirements.
 */
export function resourceMetadataUrls(resource: string, named?: string): readonly string[] {
  if (named !== undefined && isHttpUrl(named)) return [named];
  const { origin, pathname } = new URL(resource);
  return resourceMetadataPaths(pathname).map((path) => `${origin}${path}`);
}

/** Where the metadata of the authorization server `issuer` can be, in the order to try. Source: MCP, Authorization Server Metadata Discovery. */
export function serverMetadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathOf(pathname);
  const inserted = [`${WELL_KNOWN_SERVER}${path}`, `${WELL_KNOWN_OPENID}${path}`];
  return (path === '' ? inserted : [...inserted, `${path}${WELL_KNOWN_OPENID}`]).map(
    (each) => `${origin}${each}`,
  );
}

/** A path without the slash at its end, so that the root is empty. */
const pathOf = (path: string): string => path.replace(/\/$/, '');

const isHttpUrl = (text: string): boolean => /^https?:/i.test(text) && URL.canParse(text);

/** What the metadata of a resource says. */
export interface ResourceMetadata {
  /** The URL of the resource: the audience of its tokens. */
  readonly resource: string;
  readonly issuer: string;
  /** Scopes that a client may ask for; empty: not said. */
  readonly scopes: readonly string[];
  readonly scheme: TokenScheme;
}

/** The document as JSON. Source: RFC 9728, section 2. */
export function resourceMetadataJson({ resource, issuer, scopes, scheme }: ResourceMetadata): string {
  return JSON.stringify({
    resource,
    authorization_servers: [issuer],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    ...(scheme === 'DPoP' && {
      dpop_signing_alg_values_supported: PROOF_ALGORITHMS,
      dpop_bound_access_tokens_required: true,
    }),
  });
}
