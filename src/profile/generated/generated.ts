/** @module The files that are generated from the table of sections. */
import { PROFILE_FORMAT } from '../profile.ts';
import { editorSchema } from './json-schema.ts';
import { profileReference } from './reference.ts';

/** Path from the top of the repository, and text. */
export const GENERATED: readonly { readonly file: string; readonly text: () => string }[] = [
  {
    file: 'profiles/profile.schema.json',
    text: () => `${JSON.stringify(editorSchema(PROFILE_FORMAT), null, 2)}\n`,
  },
  { file: 'docs/profile.md', text: () => profileReference(PROFILE_FORMAT) },
];
