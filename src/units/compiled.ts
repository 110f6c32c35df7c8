/** @module Finds the compiled form of a module: child processes and threads run JavaScript, even if a test runs the parent from TypeScript. */

/**
 * The URL of the compiled module `relative` (without extension), relative to the module `importMetaUrl`. For a module in `src/`,
 * it is the file at the same path in `dist/`.
 */
export function compiledModule(importMetaUrl: string, relative: string): URL {
  const url = new URL(`${relative}.js`, importMetaUrl);
  if (importMetaUrl.endsWith('.ts')) url.pathname = url.pathname.replace(/\/src\/(?!.*\/src\/)/, '/dist/');
  return url;
}
