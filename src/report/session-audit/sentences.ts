/** @module What an audit says in words, in every format: the reasons, the extent, and exchanges in a few lines. */
import {
  checksMadeOf,
  mostNeedAddresses,
  type SessionAudit,
  type ShownExchange,
} from '../../session-audit/document.ts';
import { plain, plural, shorten } from '../wording.ts';

type Check = SessionAudit['checks'][number];
type Finding = SessionAudit['findings'][number];
type Tool = SessionAudit['tools'][number];

const NOT_RUN: Readonly<Record<NonNullable<Check['why']>, string>> = {
  'not-pinned': 'no two instances can be asked at addresses of their own',
  'one-identity': 'it compares callers, and there is one (name them with --identity)',
  'no-tools': 'the server lists no tools',
  'not-listed': 'the list of tools could not be read',
  'other-era': 'it belongs to the other revision of the protocol',
  'not-offered': 'the server does not offer what it is about',
  'nothing-to-ask': 'nothing to ask',
  'no-success': 'a call that it needs for the comparison did not give a result',
  'same-instance': 'every call reached the instance that opened the session',
  'not-told-apart':
    'answers do not name their instance (--instance-header), so it is not known whether another one was reached',
  'no-answer': 'a request got no answer',
  ended: 'the audit ended before',
};

/** Why a check, or a check of one tool, was not made. */
export function notRunText(
  why: NonNullable<Check['why']>,
  { unanswered = [], nothingToAsk }: Pick<Check, 'unanswered' | 'nothingToAsk'>,
  { target: { pinned }, profile }: Pick<SessionAudit, 'target' | 'profile'>,
): string {
  if (why === 'no-answer' && unanswered.length > 0) return silentText(unanswered, pinned);
  // A profile names its instances itself.
  if (why === 'not-pinned' && profile === undefined) return `${NOT_RUN[why]} (name them with --instance)`;
  return why === 'nothing-to-ask' && nothingToAsk !== undefined
    ? `${NOT_RUN[why]}: ${nothingToAsk}`
    : NOT_RUN[why];
}

const silentText = (places: readonly string[], pinned: boolean): string =>
  `${pinned ? 'instance ' : ''}${places.map(plain).join(', ')} stopped answering`;

/** What became of a tool that was not called, or not with success. */
export const NOT_CALLED: Readonly<Record<NonNullable<Tool['notCalled']>, string>> = {
  'no-hint': 'not called: it has no readOnlyHint (name it with --allow to call it)',
  destructive: 'not called: it has destructiveHint (name it with --allow to call it)',
  'bad-annotation': 'not called: its x-mcp-header is not valid',
  'no-arguments': 'not called: no arguments were found that its schema allows',
  'timed-out': 'its call timed out where it was tried, with arguments made from its schema',
  'no-answer': 'its call got no answer where it was tried',
  'call-failed': 'its call failed where it was tried, with arguments made from its schema',
  ended: 'not called: the audit ended before',
};

const ENDED: Readonly<Record<NonNullable<SessionAudit['ended']>, string>> = {
  time: 'at the limit of time (--budget)',
  requests: 'at the limit of requests',
  interrupted: 'because it was interrupted',
};

/** `variant healthy of planted.yaml`; `undefined` for an endpoint given by its URL. */
export function variantText({ profile }: Pick<SessionAudit, 'profile'>): string | undefined {
  return profile === undefined ? undefined : `variant ${plain(profile.variant)} of ${plain(profile.file)}`;
}

/** The variant and how many others there are, in one sentence; none for an endpoint given by its URL. */
function variantLines(audit: SessionAudit): readonly string[] {
  const of = variantText(audit);
  if (of === undefined) return [];
  const others = audit.profile!.variants - 1;
  const rest = others === 0 ? '' : `; ${plural(others, 'other')} not audited (choose with --variant)`;
  return [`Audit of ${of}${rest}.`];
}

/** What was audited, and how: one sentence each. */
export function extentLines(audit: SessionAudit): readonly string[] {
  const { target, checks, requests, sessionsLost = 0 } = audit;
  const { era, server, instances, pinned, identities } = target;
  const revision = era === 'stateless' ? 'MCP 2026-07-28' : 'MCP 2025-11-25';
  const who = server === null ? 'A server' : `${plain(server.name)} ${plain(server.version)}`.trim();
  const names = instances.map(({ name }) => plain(name)).join(', ');
  const where = pinned
    ? `${plural(instances.length, 'instance')} (${names}), each asked at its own address`
    : instances.length === 0
      ? 'no instance could be addressed or told apart: new connections to the endpoint stand for instances'
      : `${plural(instances.length, 'instance')} answered (${names}); none could be addressed, so new connections to the endpoint stand for instances`;
  return [
    ...(mostNeedAddresses(checks)
      ? [`It tells little: ${madeText(audit)}. Most need instances with addresses of their own.`]
      : []),
    ...variantLines(audit),
    `${who}, ${revision}: ${where}.`,
    `${plural(requests, 'request')}, as ${identities.map(plain).join(', ')}.`,
    ...incompleteLines(audit),
    ...(sessionsLost === 0
      ? []
      : [
          `Before the checks, ${plural(sessionsLost, 'answer')} said that the session is not known; each request was made again.`,
        ]),
  ];
}

/** Why what was found is not everything, with all reasons in one sentence; none when it is. */
function incompleteLines({
  target: { pinned },
  ended,
  unanswered = [],
  notListed = [],
}: SessionAudit): readonly string[] {
  const reasons = [
    ...(ended === null ? [] : [`it ended ${ENDED[ended]}`]),
    ...(unanswered.length === 0 ? [] : [silentText(unanswered, pinned)]),
    ...(notListed.length === 0 ? [] : [`${notListed.join(', ')} could not be read`]),
  ];
  return reasons.length === 0
    ? []
    : [`It is not complete: ${reasons.join('; ')}. What follows is not everything.`];
}

/** `3 bad, 1 warning, 0 info` */
export function countsText({ findings }: SessionAudit): string {
  const number = (severity: string): number => findings.filter((one) => one.severity === severity).length;
  return `${number('bad')} bad, ${plural(number('warning'), 'warning')}, ${number('info')} info`;
}

/** `5 of 18 checks made; 2 had nothing to ask; give --instance for 9 of the others` */
export function madeText({ checks, profile }: Pick<SessionAudit, 'checks' | 'profile'>): string {
  const { made, of } = checksMadeOf(checks);
  const leftFor = (...reasons: readonly Check['why'][]): number =>
    checks.filter(({ status, why }) => status === 'not-run' && reasons.includes(why)).length;
  const nothing = leftFor('nothing-to-ask');
  const ofInstances = leftFor('not-pinned');
  const others = ofInstances === of - made - nothing ? 'the others' : `${ofInstances} of the others`;
  return [
    `${made} of ${plural(of, 'check')} made`,
    ...(nothing === 0 ? [] : [`${nothing} had nothing to ask`]),
    // A profile names its instances itself.
    ...(ofInstances === 0 || profile !== undefined ? [] : [`give --instance for ${others}`]),
  ].join('; ');
}

/** `#12 to instance 1, as anyone, in a session` */
export function whereText({ number, sentTo, servedBy, identity, inSession }: ShownExchange): string {
  const by = servedBy === null || servedBy === sentTo ? '' : `, served by ${plain(servedBy)}`;
  return `#${number} to ${plain(sentTo)}${by}, as ${plain(identity)}${inSession ? ', in a session' : ''}`;
}

/** `at /structuredContent/price: 12`: what exchange number `index` of the evidence has where they differ; empty when their content does not matter. */
export function differsText({ differs }: Finding, index: 0 | 1): string {
  if (differs === undefined) return '';
  const value = differs.values[index];
  return plain(value === null ? `nothing at ${differs.at}` : `at ${differs.at}: ${value}`);
}

/** Characters of a `requestState` that are shown. */
const STATE = 60;

/** `tools/call Mcp-Name: other get_basket {"basket_id":"b1"}` */
export function requestText({ request }: ShownExchange, longest: number): string {
  const { method, name, params, headers } = request;
  const { arguments: args = {}, requestState } = params as { arguments?: unknown; requestState?: unknown };
  const json = JSON.stringify(method === 'tools/call' ? args : params);
  const more = Object.entries(headers).map(([key, value]) => `${key}: ${value}`);
  // What a retry is about stands before the arguments, which may be long.
  const state =
    method !== 'tools/call' || requestState === undefined
      ? ''
      : `requestState ${shorten(JSON.stringify(requestState), STATE)}`;
  const about = [method, name ?? '', ...more, state, json === '{}' ? '' : json].filter((part) => part !== '');
  return shorten(plain(about.join(' ')), longest);
}

/** `session-lost, HTTP 404: -32000 Session not found` */
export function answerText({ answer }: ShownExchange, longest: number): string {
  const { outcome, status, result, error, detail, namesSession, setsCookies = false } = answer;
  const head = [
    outcome,
    ...(status === 0 ? [] : [`HTTP ${status}`]),
    ...(namesSession ? ['with Mcp-Session-Id'] : []),
    ...(setsCookies ? ['with Set-Cookie'] : []),
  ].join(', ');
  // Of a tool's error the text, which a cut of the whole result might leave out.
  const said =
    error !== undefined
      ? `${error.code ?? ''} ${error.message}`.trim()
      : outcome === 'tool-error' && detail !== null
        ? detail
        : result !== undefined
          ? JSON.stringify(result)
          : (detail ?? '');
  return shorten(plain(said === '' ? head : `${head}: ${said}`), longest);
}
