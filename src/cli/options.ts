/** @module Turns the options parsed by commander into complete, checked options. */
import { InvalidArgumentError } from 'commander';
import type { ProfileFlags } from '../profile/section/section.ts';
import type { TlsOptions } from '../testbed/probe.ts';
import { type Micros, parseDuration } from '../units/time.ts';

/** Flags of every command that reads a profile, as parsed by commander. */
export interface ProfileOptions {
  readonly target?: string;
  readonly header: readonly string[];
  readonly set: readonly string[];
  readonly seed: number;
  readonly repetitions?: number;
  readonly insecure: boolean;
  readonly caFile?: string;
}

/** The flags that change the profile. */
export function profileFlags({
  target,
  header = [],
  set,
  repetitions,
}: Pick<ProfileOptions, 'set'> & Partial<ProfileOptions>): ProfileFlags {
  return {
    headers: header,
    set,
    ...(target === undefined ? {} : { target }),
    ...(repetitions === undefined ? {} : { repetitions }),
  };
}

/** How connections are secured. */
export function tlsOf({ insecure, caFile }: Pick<ProfileOptions, 'insecure' | 'caFile'>): TlsOptions {
  return { tls: { insecure, ...(caFile === undefined ? {} : { caFile }) } };
}

/** Parses a whole number of at least `least`, and at most `most`, for commander. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`expected a whole number ${range}.`);
    }
    return value;
  };
}

/** Parses a share above 0 such as `5%` or `0.05`, for commander. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a share such as 5% or 0.05.');
  return value;
}

/** Parses a duration above 0, for commander. */
export function timeSpan(text: string): Micros {
  const value = parseDuration(text);
  if (value === undefined || value <= 0)
    throw new InvalidArgumentError('expected a duration such as 90s or 10m.');
  return value;
}

/** Parses the URL of a web page. */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('expected a URL such as https://ci.example/run/7.');
  return url.href;
}

/** Collects a flag that may be given several times, for commander. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
