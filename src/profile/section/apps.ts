/** @module `fleet.apps`: an MCP App that built-in servers offer. */
import type { z } from 'zod';
import { bytes, mapping, parseBytes } from './values.ts';

/** The app of the built-in servers. */
export interface AppSettings {
  /** Size of the view. */
  readonly htmlBytes: number;
}

export const Apps = mapping({
  html: bytes(16 * 1024 ** 2)
    .default('32KiB')
    .describe('Size of the view, an HTML page.'),
});

/** The complete settings. */
export function completeApps({ html }: z.output<typeof Apps>): AppSettings {
  return { htmlBytes: parseBytes(html)! };
}
