/** @module Source `file`: a token in a file that another program writes, such as a JWT-SVID of SPIFFE or a token of a Kubernetes volume. */
import { stat } from 'node:fs/promises';
import { after, type Cancel } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { givenToken } from '../given-token.ts';
import { fileText } from './read-file.ts';
import { type OpenSource, type SourceContext, type SourceOf, supplied } from './source.ts';

/** Programs replace such a file, or a link on the way to it, so its state is polled. */
const LOOK_EVERY: Micros = 1e6;

export function fileSource(
  { path }: Pick<SourceOf<'file'>, 'path'>,
  { where }: Pick<SourceContext, 'where'>,
  everyUs: Micros = LOOK_EVERY,
): OpenSource {
  /** The state in which it was read last. */
  let seen: string | undefined;
  return {
    perAgent: false,
    renews: false,
    async supply() {
      // Before it is read, so that no change after that is missed.
      seen = await stateOf(path);
      return supplied(givenToken(await fileText(path, where), where, path));
    },
    watch(changed) {
      let cancel: Cancel;
      const look = (): void => {
        cancel = after(everyUs, () => void again());
      };
      const again = async (): Promise<void> => {
        const state = await stateOf(path);
        if (over) return;
        if (state !== undefined && state !== seen) changed();
        look();
      };
      let over = false;
      look();
      return () => {
        over = true;
        cancel();
      };
    },
  };
}

/** Differs when the file has changed, or is another one; undefined: there is none. */
async function stateOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`;
}
