/** @module What a server answers about its app; one suite, both stateless servers. */

import { McpUiResourceMetaSchema, McpUiToolMetaSchema } from '@modelcontextprotocol/ext-apps';
import { EXTENSION_ID, RESOURCE_MIME_TYPE } from '@modelcontextprotocol/ext-apps/server';
import { describe, expect, it } from 'vitest';
import { APP_MIME_TYPE, APPS_EXTENSION } from '../../protocol/apps.ts';
import { askStateless, TOOLS, useInstance } from '../ask.case.ts';
import type { OwnServer } from '../programs.ts';
import { VIEW_URI } from './view.ts';

/** The suite. */
export function appCases(own: OwnServer): void {
  describe('an app', () => {
    const instance = useInstance(own, TOOLS, undefined, undefined, undefined, {
      apps: { htmlBytes: 20_000 },
    });
    const result = async (method: string, params?: Record<string, unknown>) =>
      (await askStateless(instance.url, method, params)).message.result;

    it('is declared by the names of the extension', async () => {
      expect([APPS_EXTENSION, APP_MIME_TYPE]).toEqual([EXTENSION_ID, RESOURCE_MIME_TYPE]);
      const { capabilities } = await result('server/discover');
      expect(capabilities.extensions).toEqual({ [EXTENSION_ID]: {} });
    });

    it('has tools that name its view, and who may call them', async () => {
      const { tools } = await result('tools/list');
      const shown = new Map<string, unknown>(
        tools.flatMap(({ name, _meta }: { name: string; _meta?: { ui?: unknown } }) =>
          _meta?.ui === undefined ? [] : [[name, McpUiToolMetaSchema.parse(_meta.ui)]],
        ),
      );
      expect([...shown]).toEqual([
        ['weather', { resourceUri: VIEW_URI, visibility: ['model', 'app'] }],
        ['weather_refresh', { resourceUri: VIEW_URI, visibility: ['app'] }],
      ]);
    });

    it('has a view of the size that was asked for, which may be kept', async () => {
      const { contents, ttlMs, cacheScope } = await result('resources/read', { uri: VIEW_URI });
      expect(contents).toHaveLength(1);
      const [{ uri, mimeType, text, _meta }] = contents;
      expect({ uri, mimeType }).toEqual({ uri: VIEW_URI, mimeType: RESOURCE_MIME_TYPE });
      expect(text).toHaveLength(20_000);
      expect(text).toMatch(/^<!doctype html>.*<\/html>$/s);
      expect(McpUiResourceMetaSchema.parse(_meta.ui)).toEqual(_meta.ui);
      expect({ ttlMs, cacheScope }).toEqual({ ttlMs: TOOLS.ttlMs, cacheScope: 'public' });
    });

    it('answers the calls of the model and of the view', async () => {
      for (const name of ['weather', 'weather_refresh'])
        expect(await result('tools/call', { name, arguments: { city: 'Oslo' } })).toMatchObject({
          structuredContent: { city: 'Oslo' },
        });
    });
  });
}
