/** @module Proves how the language of a configuration is detected, and that comments are ignored. */
import { describe, expect, it } from 'vitest';
import { detectKind } from './detect.ts';

describe('the language of a configuration', () => {
  it.each([
    ['nginx', 'upstream pool {\n server a;\n}'],
    ['nginx', 'location /mcp\n{\n}'],
    ['nginx', '# backend x\nproxy_pass http://a;'],
    ['nginx', 'server{listen 80;}'],
    ['haproxy', '# http {\nfrontend in\n bind :80'],
    ['haproxy', 'backend b\n http-request deny if { path /x }'],
    ['haproxy', 'global\r\n maxconn 1\r\n'],
    ['envoy', 'static_resources:\n  clusters: []'],
    ['envoy', '{"staticResources":{"listeners":[]}}'],
    ['envoy', '"@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration'],
    ['kubernetes', 'kind: Service\napiVersion: v1'],
    ['kubernetes', '{"apiVersion":"v1","kind":"List","items":[]}'],
    ['kubernetes', '- apiVersion: v1\n  kind: Service'],
    ['kubernetes', 'apiVersion: x/v1\nkind: EnvoyFilter\nspec:\n  http_filters: []'],
  ])('%s: %j', (kind, text) => {
    expect(detectKind(text, 'f')).toBe(kind);
  });
});
