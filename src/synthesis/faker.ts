/** @module The library that makes values from schemas, loaded when the first one is made. */

/** It can be imported only, so CommonJS cannot require it. */
export function loadFaker(): Promise<typeof import('json-schema-faker')> {
  return import('json-schema-faker');
}
