/** @module What of the parameters of a call may be a secret, and must not be in a trace. */
import { holdsToken } from '../audit/secrets.ts';
import { fieldIn } from '../balancer/proxy/fields.ts';
import type { ClientHead } from '../balancer/proxy/heads.ts';
import { hideSecretsInUrl, holdsCredentials, isSecretName, NOT_RECORDED } from '../profile/secrets.ts';

/** Shorter texts are no credentials, and occur by chance. */
const SHORTEST = 6;

/** The texts in the head of a request that are credentials: of `Authorization`, cookies, the session and any header with the name of a secret. */
export function credentialsIn({ fields, target }: ClientHead): readonly string[] {
  const values = fields.text
    .split('\r\n')
    .map((line) => line.split(':', 1)[0]!.toLowerCase())
    .filter((name) => name === 'mcp-session-id' || isSecretName(name))
    .flatMap((name) => (fieldIn(fields.text, name) ?? '').split(/[\s;,]+/));
  const parameters = [...new URLSearchParams(target.split('?')[1] ?? '').values()];
  const ofCookies = values.map((value) => value.slice(value.indexOf('=') + 1));
  return [...new Set([...values, ...ofCookies, ...parameters])].filter(({ length }) => length >= SHORTEST);
}

/** `text` as it may be recorded; undefined when all of it is left out. `known`: texts that are secrets. */
export function recordableText(text: string, known: readonly string[]): string | undefined {
  if (known.some((secret) => text.includes(secret))) return undefined;
  if (holdsToken(text, undefined) || holdsCredentials(text)) return undefined;
  return hideSecretsInUrl(text).url;
}

/** The same, with a note in place of a text that is left out. */
export function recordedText(text: string, known: readonly string[]): string {
  return recordableText(text, known) ?? NOT_RECORDED;
}
