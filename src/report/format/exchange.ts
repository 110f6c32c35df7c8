/** @module An HTTP exchange as text for a person: `>` before what was sent, `<` before what came back. */
import type { RawAnswer } from '../../driver/driver.ts';
import { isSecretName } from '../../profile/secrets.ts';
import { withoutCredentials } from '../../protocol/credentials-in-text.ts';
import type { Request } from '../../protocol/request.ts';
import { plain } from '../wording.ts';

/** Characters of a body that are shown. */
const BODY_SHOWN = 2000;

/**
 * Lines that show `request` and its `answer`, without the values of headers that may carry credentials and without anything
 * in a body that looks like one. `secretHeaders`: further request headers whose values are not shown, by name in lower case. Control characters are removed, so a server cannot move the cursor.
 */
export function exchangeLines(
  request: Request,
  answer: RawAnswer | undefined,
  secretHeaders: readonly string[] = [],
): readonly string[] {
  const { method, headers } = request.head;
  const shown = pairs(headers).map(([name, value]) =>
    secretHeaders.includes(name.toLowerCase()) ? `${name}: ${NOT_SHOWN}` : headerLine([name, value]),
  );
  const sent = [method, ...shown, '', ...bodyLines(request.body)];
  const received =
    answer === undefined
      ? ['(no answer before the call ended)']
      : [
          `${answer.status} ${answer.statusText}`.trim(),
          ...Object.entries(answer.headers).map(([name, value]) => headerLine([name, String(value ?? '')])),
          '',
          ...bodyLines(answer.body.toString('utf8')),
        ];
  return [...sent.map((line) => marked('>', line)), ...received.map((line) => marked('<', line))];
}

const NOT_SHOWN = '(not shown)';

const marked = (mark: string, line: string): string => `${mark} ${plain(line)}`.trimEnd();

function pairs(flat: readonly string[]): readonly (readonly [name: string, value: string])[] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!]);
}

function headerLine([name, value]: readonly [name: string, value: string]): string {
  return `${name}: ${isSecretName(name) ? NOT_SHOWN : withoutCredentials(value)}`;
}

function bodyLines(body: string): readonly string[] {
  if (body === '') return [];
  const safe = withoutCredentials(body.slice(0, BODY_SHOWN));
  const cut = body.length > BODY_SHOWN ? [`... ${body.length - BODY_SHOWN} more characters`] : [];
  return [...safe.trimEnd().split('\n'), ...cut];
}
