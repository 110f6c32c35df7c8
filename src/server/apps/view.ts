/** @module An MCP App of the built-in servers: a view, the tool that the model calls for it, and one that only the view calls. Source: MCP Apps (`io.modelcontextprotocol/ui`) 2026-01-26. */
import { z } from 'zod';
import type { AppSettings } from '../../profile/settings.ts';
import { APP_MIME_TYPE, APPS_EXTENSION } from '../../protocol/apps.ts';
import { type Fixtures, NO_FIXTURES } from '../offer/conformance/fixtures.ts';
import { structured } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';

/** The URI of the view. */
export const VIEW_URI = 'ui://weather/view.html';

/** What `fleet.apps` adds to an instance. */
export function appFixtures({ htmlBytes }: AppSettings): Fixtures {
  const text = viewHtml(htmlBytes);
  return {
    ...NO_FIXTURES,
    tools: [
      weather('weather', 'Shows the weather of a city.', ['model', 'app']),
      weather('weather_refresh', 'Gives the view the latest weather of its city.', ['app']),
    ],
    resources: [
      {
        uri: VIEW_URI,
        name: 'weather-view',
        bytes: text.length,
        edition: 0,
        content: { mimeType: APP_MIME_TYPE, text, _meta: { ui: VIEW_META } },
      },
    ],
    capabilities: { extensions: { [APPS_EXTENSION]: {} } },
  };
}

/** The view loads nothing from anywhere. */
const VIEW_META = {
  csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
  permissions: {},
  prefersBorder: true,
};

function weather(name: string, description: string, visibility: readonly ('model' | 'app')[]): Tool {
  return {
    name,
    description,
    schema: z.object({ city: z.string().max(200).describe('The city') }),
    annotations: { readOnlyHint: true },
    meta: { ui: { resourceUri: VIEW_URI, visibility } },
    call: ({ city }) => structured({ city, celsius: 21, sky: 'clear' }),
  };
}

const OPEN =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Weather</title></head><body><main>';
const CLOSE = '</main></body></html>';
const LINE = '<p>The weather of the city, hour by hour.</p>\n';

/** A page of `bytes`, or of as many as it needs at least. */
function viewHtml(bytes: number): string {
  const room = Math.max(0, bytes - OPEN.length - CLOSE.length);
  const lines = LINE.repeat(Math.floor(room / LINE.length));
  return `${OPEN}${lines}${' '.repeat(room - lines.length)}${CLOSE}`;
}
