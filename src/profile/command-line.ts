/** @module A command line as it may be shown and recorded: without the credentials that flags may carry. */
import { parse } from 'yaml';
import { inProfile, overridesWithoutSecrets } from './document/secrets.ts';
import { PROFILE_FORMAT } from './profile.ts';
import { NOT_RECORDED } from './secrets.ts';

/** The flags whose values may hold credentials, and how each value reads without them. */
const SHOWN: Readonly<Record<string, (value: string) => string>> = {
  '--target': shownTarget,
  '--a-target': shownTarget,
  '--b-target': shownTarget,
  '--header': shownHeader,
  '--set': shownSetting,
};

/** The arguments of `paceline`, with the values replaced that the result does not record either. */
export function shownArguments(args: readonly string[]): readonly string[] {
  return args.map((argument, at) => {
    const before = SHOWN[args[at - 1] ?? ''];
    if (before !== undefined) return before(argument);
    const [, flag = '', value] = /^(--[\w-]+)=(.*)$/s.exec(argument) ?? [];
    const own = SHOWN[flag];
    return own === undefined ? argument : `${flag}=${own(value!)}`;
  });
}

/** What the result has in place of `value`, which the profile has at `path`. */
function recorded(path: string, value: unknown): unknown {
  return overridesWithoutSecrets({ [path]: value }, PROFILE_FORMAT)[path];
}

function shownTarget(url: string): string {
  return recorded('target.url', url) as string;
}

function shownHeader(text: string): string {
  const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
  // What is no header may be a credential.
  if (name === undefined || value === undefined) return NOT_RECORDED;
  return `${name}: ${recorded(`target.headers.${name}`, value)}`;
}

function shownSetting(text: string): string {
  const [, path, source] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
  if (path === undefined || source === undefined) return NOT_RECORDED;
  const own = inProfile(path, PROFILE_FORMAT);
  // A list of variants, or a whole one, may hold any secret.
  if (own === '' || own === PROFILE_FORMAT.variantsKey) return `${path}=${NOT_RECORDED}`;
  const value = parse(source, { logLevel: 'error' }) as unknown;
  const shown = recorded(own, value);
  if (JSON.stringify(shown) === JSON.stringify(value)) return text;
  return `${path}=${typeof shown === 'string' ? shown : JSON.stringify(shown)}`;
}
