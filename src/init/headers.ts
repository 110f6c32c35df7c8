/** @module Headers as a profile may have them: without a credential in plain text. */
import { isSecretName, schemeOf } from '../profile/secrets.ts';
import { fillVariables, headerProblems, headersOf } from '../profile/template/header-text.ts';
import { UserError } from '../units/user-error.ts';
import { variableName } from './mcp-json.ts';

/** A header, as the profile has it, and as it is sent. */
export interface InitHeader {
  readonly name: string;
  readonly written: string;
  readonly sent: string;
  /** The variable that the user has to set, as the value was given in plain text. */
  readonly variable?: string;
  /** The scheme that stands before that variable. */
  readonly scheme?: string | undefined;
}

/**
 * The headers `given`, from `where`, with variables of `environment`. A value that may be a credential, and has no variable, is written
 * as one that is named after `owner` and the header. Throws a {@link UserError}, which quotes no value.
 */
export function initHeaders(
  given: Readonly<Record<string, string>>,
  where: string,
  environment: Readonly<Record<string, string | undefined>>,
  owner = '',
): readonly InitHeader[] {
  const problems = Object.entries(given).flatMap(([name, value]) =>
    headerProblems(value, environment).map((problem) => ({ where: `${where} ${name}`, ...problem })),
  );
  if (problems.length > 0) throw new UserError(problems);
  return Object.entries(given).map(([name, value]) => {
    const sent = headersOf({ [name]: fillVariables(value, environment) }, 0)[name]!;
    if (!isSecretName(name) || /(^|[^\\])\$\{/.test(value)) return { name, written: value, sent };
    const variable = variableName(`${owner === '' ? '' : `${owner}_`}${name}`);
    const scheme = schemeOf(value);
    const before = scheme === undefined ? '' : `${scheme} `;
    return { name, written: `${before}\${${variable}}`, sent, variable, scheme };
  });
}
