/** @module The text of a profile: YAML whose comments say what each line is. */

import type { Era } from '../profile/settings.ts';
import { formatMicros } from '../units/time.ts';
import { flowLines } from './flow-text.ts';
import type { InitHeader } from './headers.ts';
import { quoted, withoutTemplates, withoutTemplatesIn } from './quoted.ts';
import type { FirstRate } from './rate.ts';
import type { Ended, Tried } from './trial.ts';

export interface ProfileParts {
  /** As it may be written: without credentials. */
  readonly url: string;
  /** Whether credentials were left out of it. */
  readonly urlIsCut: boolean;
  readonly era: Era;
  /** As the server names itself. */
  readonly title: string;
  readonly headers: readonly InitHeader[];
  readonly tried: readonly Tried[];
  /** Whether arguments have `<NAME>` in place of a secret. */
  readonly hasPlaceholders: boolean;
  readonly rate: FirstRate;
  /** Makes what a server says safe to show, on one line. */
  readonly safe: (text: string) => string;
}

/** What each reason means, for the user. */
const WHY: Readonly<Record<Extract<Ended, { kind: 'not-tried' }>['why'], string>> = {
  'no-hint': 'not tried: it has no readOnlyHint; --allow NAME tries it',
  destructive: 'not tried: it has a destructiveHint; --allow NAME tries it',
  'bad-annotation': 'not tried: clients must not call it, because of an x-mcp-header that is not valid',
  'no-arguments': 'not tried: no arguments were found that its inputSchema allows',
  template: 'not tried: its name has {{ in it',
  'too-many': 'not tried: enough others were',
  time: 'not tried: the time for this was over',
  requests: 'not tried: enough requests were made',
  interrupted: 'not tried: interrupted',
};

/** How a call ended, in words. */
export function endedText(ended: Ended): string {
  switch (ended.kind) {
    case 'ok':
      return `ok in ${formatMicros(ended.tookUs)}`;
    case 'failed':
      return `failed: ${ended.outcome}${ended.detail === '' ? '' : `: ${ended.detail}`}`;
    case 'not-tried':
      return WHY[ended.why];
  }
}

/** The whole profile. At least one call of `tried` has to have ended well. */
export function profileText(parts: ProfileParts): string {
  const { url, urlIsCut, era, title, headers, tried, hasPlaceholders, rate, safe } = parts;
  const mix = tried.filter(({ ended }) => ended.kind === 'ok');
  const rest = tried.filter(({ ended }) => ended.kind !== 'ok');
  const lines = [
    '# Written by paceline init. Each call below was made once and answered; what was not is commented out.',
    '# paceline validate FILE checks it, paceline run FILE runs it. All keys: docs/profile.md of Paceline.',
    'version: 1',
    `title: ${quoted(safe(title))}`,
    'load:',
    ...rateLines(rate, mix.length),
    '  duration: 30s # how long it is measured',
    '  warmup: 2s # load before that, which is in no figure',
    '  agents: 8 # callers, each with an identity and, where the server has them, a session of its own',
    '  connections: 8',
    '  timeout: 10s # a call that takes longer has failed; the calls below were tried with the same bound',
    'target:',
    ...(urlIsCut ? ['  # Credentials in the URL are not written: give the whole URL with --target.'] : []),
    `  url: ${quoted(url)}`,
    `  era: ${era} # ${ERA_MEANS[era]}, as was found; auto detects it in each run`,
    ...headerLines(headers),
    'calls: # the mix; weight is the share of a call, relative to the others',
    ...(hasPlaceholders
      ? ['  # <NAME> in arguments is a secret that the schema of the tool names: put the value in its place.']
      : []),
    ...mix.flatMap((each) => entryLines(each, safe)),
    ...(rest.length === 0 ? [] : ['  # What is not in the mix, and why:']),
    ...rest.flatMap((each) => entryLines(each, safe).map((line) => line.replace(/^ {2}-/, '  # -'))),
  ];
  return `${lines.join('\n')}\n`;
}

const ERA_MEANS: Readonly<Record<Era, string>> = { stateless: 'MCP 2026-07-28', sessions: 'MCP 2025-11-25' };

function rateLines({ perSecond, meanUs }: FirstRate, calls: number): readonly string[] {
  return [
    `  # A gentle rate to begin with: ${calls === 1 ? 'the only call' : `the ${calls} calls`} took ${formatMicros(meanUs)} in the mean of the mix, each tried once and alone. At this rate, at most`,
    '  # half a call is under way on average (0.5 / mean time, from 1/s to 50/s). Raise it from run to run.',
    `  rate: ${perSecond}/s`,
  ];
}

function headerLines(headers: readonly InitHeader[]): readonly string[] {
  if (headers.length === 0) return [];
  return [
    `  headers: # sent with every request; \${NAME} is a variable of the environment`,
    ...headers.map(({ name, written }) => `    ${quoted(name)}: ${quoted(written)}`),
  ];
}

/** An entry of the mix, after a comment with what the server says of it and how the trial ended. */
function entryLines({ candidate, ended }: Tried, safe: (text: string) => string): readonly string[] {
  const { key, name, weight, about } = candidate;
  const said = about === '' ? '' : `${shortened(safe(about))} `;
  if (candidate.flow !== undefined) {
    const comment = `  # ${said}(${candidate.flow.length} calls, ${endedText(ended)})`;
    return [comment, ...flowLines(name, candidate.flow), `    weight: ${weight}`];
  }
  const value = key === 'list' ? name : quoted(key === 'read' ? withoutTemplates(name) : name);
  const args =
    candidate.arguments === undefined
      ? ''
      : `, arguments: ${quoted(withoutTemplatesIn(candidate.arguments))}`;
  return [`  # ${said}(${endedText(ended)})`, `  - { ${key}: ${value}${args}, weight: ${weight} }`];
}

const LONGEST = 100;
const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST).trimEnd()} ...`;
