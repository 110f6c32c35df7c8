/** @module The check of a URL that a command is given. */
import { withoutSecretParameters } from '../profile/secrets.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** `text` if it is an HTTP URL. Throws a {@link UserError}, which shows no secret in it, otherwise. `todo`: what to do instead. */
export function checkedUrl(text: string | undefined, where = 'URL', todo?: Problem['todo']): string {
  if (text !== undefined && /^https?:/i.test(text) && URL.canParse(text)) return text;
  throw new UserError({
    where,
    what: text === undefined ? 'is missing' : `"${withoutSecretParameters(text)}" is not an HTTP URL`,
    expected: 'a URL such as http://127.0.0.1:3000/mcp',
    ...(todo !== undefined && { todo }),
  });
}
