/** @module Finds the compiled form of a module: child processes and threads run JavaScript, even if a test runs the parent from TypeScript. */
import { existsSync } from 'node:fs';

/**
 * The URL of the compiled module `relative` (without extension), relative to the module `importMetaUrl`. For a module in `src/` or `bundle/`,
 * it is the file at the same path in `bundle/` if there is one, which starts sooner, and else in `dist/`.
 */
export function compiledModule(importMetaUrl: string, relative: string): URL {
  const url = new URL(`${relative}.js`, importMetaUrl);
  if (importMetaUrl.endsWith('.ts')) url.pathname = url.pathname.replace(/\/src\/(?!.*\/src\/)/, '/bundle/');
  if (!existsSync(url)) url.pathname = url.pathname.replace(/\/bundle\/(?!.*\/bundle\/)/, '/dist/');
  return url;
}
