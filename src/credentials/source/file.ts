/** @module Source `file`: a token in a file that another program writes, such as a JWT-SVID of SPIFFE or a token of a Kubernetes volume. */
import { unwatchFile, watchFile } from 'node:fs';
import { givenToken } from '../given-token.ts';
import { fileText } from './read-file.ts';
import { type OpenSource, type SourceContext, supplied } from './source.ts';

/** Programs replace such a file, or a link on the way to it, so its state is polled. */
const LOOK_EVERY_MS = 1000;

export function fileSource(
  { path }: { readonly path: string },
  { where }: SourceContext,
  everyMs: number = LOOK_EVERY_MS,
): OpenSource {
  return {
    perAgent: false,
    renews: false,
    supply: async () => supplied(givenToken(await fileText(path, where), where, path)),
    watch(changed) {
      watchFile(path, { interval: everyMs, persistent: false }, changed);
      return () => unwatchFile(path, changed);
    },
  };
}
