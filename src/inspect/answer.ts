/** @module What an inspection keeps of one answer: its hints as they came, and its entries, each by its name and a digest. */
import type { Reply } from '../driver/driver.ts';
import { digestOf } from './canonical.ts';

type Json = Readonly<Record<string, unknown>>;

/** `ttlMs` and `cacheScope` as they came; `undefined` where the member is absent. */
export interface RawHints {
  readonly ttlMs: unknown;
  readonly cacheScope: unknown;
}

/** A tool, a prompt, a resource, a template, a content of a resource, or a member of what `server/discover` says. */
interface Entry {
  readonly name: string;
  /** Equal for entries that offer the same. */
  readonly digest: string;
}

/** A complete result. */
export interface ResultAnswer {
  readonly kind: 'result';
  readonly instance: string | undefined;
  /** Of its JSON text. */
  readonly bytes: number;
  readonly hints: RawHints;
  readonly entries: readonly Entry[];
  readonly nextCursor: string | undefined;
  readonly result: Json;
}

/** Anything else: an error, a request for input, no answer. */
export interface OtherAnswer {
  readonly kind: 'input-required' | 'error' | 'refused' | 'none';
  readonly instance: string | undefined;
  /** The hints in an answer that must not have any; of an error, those in it or in its data. */
  readonly hints: RawHints;
  /** For display. */
  readonly detail: string;
}

export type InspectedAnswer = ResultAnswer | OtherAnswer;

/** Where a result has its entries, and the members that may name one. */
const ENTRIES: Readonly<Record<string, { readonly key: string; readonly names: readonly string[] }>> = {
  'tools/list': { key: 'tools', names: ['name'] },
  'prompts/list': { key: 'prompts', names: ['name'] },
  'resources/list': { key: 'resources', names: ['uri'] },
  'resources/templates/list': { key: 'resourceTemplates', names: ['uriTemplate'] },
  'resources/read': { key: 'contents', names: ['uri'] },
};
/** Members of a result that are not what `server/discover` says of the server. */
const NOT_SAID: ReadonlySet<string> = new Set(['_meta', 'resultType', 'ttlMs', 'cacheScope', 'nextCursor']);

/** Reads the reply to a request for `method`. */
export function readAnswer(method: string, reply: Reply): InspectedAnswer {
  const { outcome, servedBy: instance, body } = reply;
  const message = objectIn(body);
  const result = asObject(message['result']);
  if (outcome === 'ok' || outcome === 'tool-error') {
    return {
      kind: 'result',
      instance,
      bytes: Buffer.byteLength(body ?? ''),
      hints: hintsOf(result),
      entries: entriesOf(method, result),
      nextCursor: typeof result['nextCursor'] === 'string' ? result['nextCursor'] : undefined,
      result,
    };
  }
  const detail = reply.detail ?? outcome;
  if (outcome === 'input-required')
    return { kind: 'input-required', instance, hints: hintsOf(result), detail };
  const error = asObject(message['error']);
  const hints = { ...hintsOf(asObject(error['data'])), ...given(hintsOf(error)) };
  return { kind: errorKind(reply), instance, hints, detail };
}

function errorKind({ outcome, status }: Reply): OtherAnswer['kind'] {
  if (outcome === 'unauthorized' || outcome === 'forbidden') return 'refused';
  return status === 0 ? 'none' : 'error';
}

function hintsOf({ ttlMs, cacheScope }: Json): RawHints {
  return { ttlMs, cacheScope };
}

/** The hints that are there. */
function given(hints: RawHints): Partial<RawHints> {
  return Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined));
}

function entriesOf(method: string, result: Json): readonly Entry[] {
  const where = ENTRIES[method];
  if (where === undefined) return saidBy(result);
  const list = result[where.key];
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    const name = where.names.map((key) => asObject(entry)[key]).find((value) => typeof value === 'string');
    return { name: name === undefined ? '(unnamed)' : String(name), digest: digestOf(entry) };
  });
}

/** The members of what `server/discover` says, by name. The versions that it lists have no order. */
function saidBy(result: Json): readonly Entry[] {
  return Object.entries(result)
    .filter(([name]) => !NOT_SAID.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({
      name,
      digest: digestOf(name === 'supportedVersions' && Array.isArray(value) ? [...value].sort() : value),
    }));
}

function objectIn(body: string | undefined): Json {
  try {
    return asObject(JSON.parse(body ?? ''));
  } catch {
    return {};
  }
}

/** `value` if it is a JSON object, else an empty one. */
export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
