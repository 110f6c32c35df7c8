/** @module A whole list of a server, as it is compared: its entries without order, without hints and without `_meta`. */
import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import type { CheckContext, NotRun } from './check.ts';
import type { Client } from './client.ts';
import { type Exchange, type Place, succeeded } from './exchange.ts';
import type { AuditSurvey } from './survey.ts';

export interface ListMethod {
  readonly method: string;
  /** The member of the result, and the capability. */
  readonly key: 'tools' | 'prompts' | 'resources';
}

const LISTS: readonly ListMethod[] = [
  { method: 'tools/list', key: 'tools' },
  { method: 'prompts/list', key: 'prompts' },
  { method: 'resources/list', key: 'resources' },
];

/** The lists that a server offers. */
export const listsOf = ({ capabilities }: AuditSurvey): readonly ListMethod[] =>
  LISTS.filter(({ key }) => capabilities[key] !== undefined);

export const noLists = (survey: AuditSurvey): NotRun | undefined =>
  listsOf(survey).length === 0 ? 'not-offered' : undefined;

export interface WholeList {
  /** Equal texts are equal lists. */
  readonly content: string;
  readonly names: readonly string[];
  /** The exchange with its first page. */
  readonly first: Exchange;
}

/** Pages that are read at most. */
const MOST_PAGES = 20;

/** Reads all pages at `place`; `undefined` when a page is missing. */
export async function wholeList(
  { method, key }: ListMethod,
  client: Client,
  place: Place,
): Promise<WholeList | undefined> {
  const entries: JsonObject[] = [];
  let first: Exchange | undefined;
  let cursor: unknown;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const exchange = await client.ask({ method, params: cursor === undefined ? {} : { cursor } }, place);
    first ??= exchange;
    const part = exchange.answer.result?.[key];
    if (!succeeded(exchange) || !Array.isArray(part)) return undefined;
    entries.push(...part.map(objectOf));
    cursor = exchange.answer.result?.['nextCursor'];
    if (typeof cursor !== 'string') break;
  }
  const texts = entries.map((entry) => JSON.stringify(entry)).toSorted();
  const names = entries.map(({ name, uri }) => String(uri ?? name)).toSorted();
  return { content: texts.join('\n'), names, first: first! };
}

/** Lists that a new client of the first identity reads, each at one of `places`. */
export async function listsAt(
  context: CheckContext,
  list: ListMethod,
  places: readonly Place[],
): Promise<readonly WholeList[] | undefined> {
  const all: WholeList[] = [];
  for (const place of places) {
    const read = await wholeList(list, context.client(), place);
    if (read === undefined) return undefined;
    all.push(read);
  }
  return all;
}

/** What differs between two lists, for display: names in one only, else that an entry has other content. */
export function differenceOf(one: WholeList, other: WholeList): string {
  const onlyIn = (a: WholeList, b: WholeList): readonly string[] =>
    a.names.filter((name) => !b.names.includes(name)).slice(0, 3);
  const [first, second] = [onlyIn(one, other), onlyIn(other, one)];
  const parts = [
    ...(first.length > 0 ? [`only the first lists ${first.join(', ')}`] : []),
    ...(second.length > 0 ? [`only the second lists ${second.join(', ')}`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'an entry of one name has other content';
}
