/** @module What of the parameters of a call may be a secret, and must not be in a trace. */
import { fieldIn } from '../balancer/proxy/fields.ts';
import type { ClientHead } from '../balancer/proxy/heads.ts';
import { hideSecretsInUrl, isSecretName, NOT_RECORDED } from '../profile/secrets.ts';
import { type Cleared, clearCredentials } from '../protocol/credentials-in-text.ts';

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

/** `text` as it may be recorded. `known`: texts that are secrets, of which not even the surroundings are. */
export function recordable(text: string, known: readonly string[]): Cleared {
  if (known.some((secret) => text.includes(secret))) return { text: NOT_RECORDED, removed: 1 };
  const cleared = clearCredentials(text);
  const { url, names } = hideSecretsInUrl(cleared.text);
  return { text: url, removed: cleared.removed + names.length };
}
