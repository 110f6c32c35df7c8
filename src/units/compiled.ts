/** @module Where the compiled form of a module lies: processes and threads run JavaScript, even when the parent runs from TypeScript sources in a test. */

/**
 * The URL of the compiled module `relative` (written without extension), next to the module `importMetaUrl`.
 * From `src/` it leads to the same place below `dist/`.
 */
export function compiledModule(importMetaUrl: string, relative: string): URL {
  const url = new URL(`${relative}.js`, importMetaUrl);
  if (importMetaUrl.endsWith('.ts')) url.pathname = url.pathname.replace(/\/src\/(?!.*\/src\/)/, '/dist/');
  return url;
}
