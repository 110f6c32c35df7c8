import { describe, expect, it } from 'vitest';
import {
  resourceMetadataJson,
  resourceMetadataPaths,
  resourceMetadataUrl,
  resourceMetadataUrls,
  serverMetadataUrls,
} from './metadata.ts';

describe('the metadata of a resource', () => {
  it.each([
    ['https://h/mcp', 'https://h/.well-known/oauth-protected-resource/mcp'],
    ['https://h:8443/a/b/', 'https://h:8443/.well-known/oauth-protected-resource/a/b'],
    ['https://h', 'https://h/.well-known/oauth-protected-resource'],
    ['https://h/mcp?x=1#y', 'https://h/.well-known/oauth-protected-resource/mcp'],
  ])('of %s is at %s', (resource, url) => {
    expect(resourceMetadataUrl(resource)).toBe(url);
  });

  it('is looked for where the challenge says, else at the path, else at the root', () => {
    const root = 'https://h/.well-known/oauth-protected-resource';
    expect(resourceMetadataUrls('https://h/mcp', 'https://other/x')).toEqual(['https://other/x']);
    expect(resourceMetadataUrls('https://h/mcp')).toEqual([`${root}/mcp`, root]);
    expect(resourceMetadataUrls('https://h/')).toEqual([root]);
    for (const named of ['file:///etc/passwd', 'javascript:alert(1)', 'no URL', '']) {
      expect(resourceMetadataUrls('https://h/mcp', named)).toEqual([`${root}/mcp`, root]);
    }
  });

  it('is served at the path and at the root', () => {
    expect(resourceMetadataPaths('/mcp')).toEqual([
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource',
    ]);
    expect(resourceMetadataPaths('/')).toEqual(['/.well-known/oauth-protected-resource']);
  });

  it('says what the addendum of RFC 9728 lists, and of proofs only where they are needed', () => {
    const resource = { resource: 'https://h/mcp', issuer: 'https://as', scopes: ['mcp:tools'] };
    const bearer = {
      resource: 'https://h/mcp',
      authorization_servers: ['https://as'],
      scopes_supported: ['mcp:tools'],
      bearer_methods_supported: ['header'],
    };
    expect(JSON.parse(resourceMetadataJson({ ...resource, scheme: 'Bearer' }))).toEqual(bearer);
    expect(JSON.parse(resourceMetadataJson({ ...resource, scheme: 'DPoP' }))).toEqual({
      ...bearer,
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
      dpop_bound_access_tokens_required: true,
    });
    const without = JSON.parse(resourceMetadataJson({ ...resource, scopes: [], scheme: 'Bearer' }));
    expect(without).not.toHaveProperty('scopes_supported');
  });
});

describe('the metadata of an authorization server', () => {
  it.each([
    [
      'https://a/t1',
      [
        'https://a/.well-known/oauth-authorization-server/t1',
        'https://a/.well-known/openid-configuration/t1',
        'https://a/t1/.well-known/openid-configuration',
      ],
    ],
    [
      'https://a',
      ['https://a/.well-known/oauth-authorization-server', 'https://a/.well-known/openid-configuration'],
    ],
    [
      'https://a/',
      ['https://a/.well-known/oauth-authorization-server', 'https://a/.well-known/openid-configuration'],
    ],
  ])('of %s is looked for in the order of the protocol', (issuer, urls) => {
    expect(serverMetadataUrls(issuer)).toEqual(urls);
  });
});
