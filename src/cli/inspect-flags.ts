/** @module The flags of `paceline inspect` that hold headers and calls: checked, with variables of the environment filled in. */
import type { InspectedIdentity, ToolCall } from '../inspect/survey.ts';
import { headerIn } from '../profile/header-flag.ts';
import { fillVariables, headerProblems, headersOf } from '../profile/template/header-text.ts';
import { isObject, jsonIn } from '../protocol/json-object.ts';
import { type Problem, UserError } from '../units/user-error.ts';

type Headers = Readonly<Record<string, string>>;

/** The headers of `--header 'Name: value'`, or of another flag. Throws a {@link UserError}, which quotes no value. */
export function headersOfFlags(texts: readonly string[], flag = '--header'): Headers {
  return Object.assign({}, ...texts.map((text) => headerOf(text, flag))) as Headers;
}

/** The identities of `--identity 'NAME=Header: value'`; several headers of one name are one identity. Throws a {@link UserError}. */
export function identitiesOfFlags(texts: readonly string[]): readonly InspectedIdentity[] {
  const identities = new Map<string, Headers>();
  for (const text of texts) {
    const [, name, header] = /^\s*([\w.-]+)\s*=(.*)$/s.exec(text) ?? [];
    if (name === undefined || header === undefined) {
      throw new UserError({
        where: '--identity',
        what: 'has no name before =',
        expected: `the form 'NAME=Header: value', such as 'reader=Authorization: Bearer \${READER_TOKEN}'`,
        todo: 'what was given is not shown',
      });
    }
    identities.set(name, { ...identities.get(name), ...headerOf(header, `--identity ${name}`) });
  }
  return [...identities].map(([name, headers]) => ({ name, headers }));
}

function headerOf(text: string, flag: string): Headers {
  const header = headerIn(text, flag);
  if ('where' in header) throw new UserError(header);
  const problems: readonly Problem[] = headerProblems(header.value, process.env).map((problem) => ({
    where: `${flag} ${header.name}`,
    ...problem,
  }));
  if (problems.length > 0) throw new UserError(problems);
  return headersOf({ [header.name]: fillVariables(header.value, process.env) }, 0);
}

/** The call of `--tool NAME` or `--tool 'NAME={"argument":"value"}'`. Throws a {@link UserError}. */
export function toolOfFlag(text: string): ToolCall {
  const [, name, json = '{}'] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  const values = jsonIn(json);
  if (name !== undefined && isObject(values)) return { name: name.trim(), arguments: values };
  throw new UserError({
    where: '--tool',
    what: name === undefined ? 'has no name' : 'has arguments that are not a JSON object',
    expected: `the form 'NAME' or 'NAME={"argument":"value"}'`,
  });
}
