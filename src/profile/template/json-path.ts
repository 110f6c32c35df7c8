/** @module JSONPath (RFC 9535): where in the result of a call a value is found. */
import { createRequire } from 'node:module';

type Library = typeof import('json-p3');
const require = createRequire(import.meta.url);
let loaded: Library | undefined;

/** Loaded with the first path: most loads have none. */
function library(): Library {
  loaded ??= require('json-p3') as Library;
  return loaded;
}

/** A compiled path. */
export interface JsonPath {
  /** The first value that the path finds in `root`, in an array; an empty array when it finds none. */
  find(root: unknown): readonly [] | readonly [unknown];
}

/** Compiles `path`; `undefined` when it is no JSONPath. */
export function compileJsonPath(path: string): JsonPath | undefined {
  const { compile, JSONPathError } = library();
  try {
    const query = compile(path);
    return {
      find(root) {
        const found = query.match(root as Parameters<typeof query.match>[0]);
        return found === undefined ? [] : [found.value];
      },
    };
  } catch (error) {
    if (error instanceof JSONPathError) return undefined;
    throw error;
  }
}
