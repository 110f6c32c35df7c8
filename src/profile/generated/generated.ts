/** @module The files that are generated from the schema. */
import { profileJsonSchema } from './json-schema.ts';
import { profileReference } from './reference.ts';

/** Path from the top of the repository, and text. */
export const GENERATED: readonly { readonly file: string; readonly text: () => string }[] = [
  { file: 'profiles/profile.schema.json', text: () => `${JSON.stringify(profileJsonSchema(), null, 2)}\n` },
  { file: 'docs/profile.md', text: profileReference },
];
