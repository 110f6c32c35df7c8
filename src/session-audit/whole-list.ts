/** @module A whole list of a server, as it is compared: its entries without order, without hints and without `_meta`. */
import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import type { CheckContext, Finding, NotRun } from './check.ts';
import type { Client } from './client.ts';
import { firstDifference, type Pointer } from './differing.ts';
import { type Exchange, type Place, succeeded } from './exchange.ts';
import { readPages } from './pages.ts';
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

interface ListEntry {
  readonly name: string;
  readonly entry: JsonObject;
  /** Equal texts are equal entries. */
  readonly text: string;
  /** The exchange whose result has it, and where. */
  readonly page: Exchange;
  readonly at: Pointer;
}

export interface WholeList {
  /** Equal texts are equal lists. */
  readonly content: string;
  readonly entries: readonly ListEntry[];
  /** The exchange with its first page. */
  readonly first: Exchange;
}

/** Reads all pages at `place`; `undefined` when a page is missing or has no list: nothing after it is read. */
export async function wholeList(
  { method, key }: ListMethod,
  client: Pick<Client, 'ask'>,
  place: Place,
): Promise<WholeList | undefined> {
  const hasList = (page: Exchange): boolean => succeeded(page) && Array.isArray(page.answer.result?.[key]);
  const pages = await readPages((request) => client.ask(request, place), method, hasList);
  if (!hasList(pages.at(-1)!)) return undefined;
  const entries: ListEntry[] = [];
  for (const page of pages) {
    const part = page.answer.result![key] as readonly unknown[];
    entries.push(...part.map((each, index) => entryOf(objectOf(each), page, `/${key}/${index}`)));
  }
  const content = entries
    .map(({ text }) => text)
    .toSorted()
    .join('\n');
  return { content, entries, first: pages[0]! };
}

function entryOf(entry: JsonObject, page: Exchange, at: Pointer): ListEntry {
  const { name, uri } = entry;
  return { name: String(uri ?? name), entry, text: JSON.stringify(entry), page, at };
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

/** What differs between two lists, for display: names in one only, else the entry that has other content. */
export function differenceOf(one: WholeList, other: WholeList): string {
  const onlyIn = (a: WholeList, b: WholeList): readonly string[] =>
    namesOf(a)
      .filter((name) => !namesOf(b).includes(name))
      .slice(0, 3);
  const [first, second] = [onlyIn(one, other), onlyIn(other, one)];
  const parts = [
    ...(first.length > 0 ? [`only the first lists ${first.join(', ')}`] : []),
    ...(second.length > 0 ? [`only the second lists ${second.join(', ')}`] : []),
  ];
  if (parts.length > 0) return parts.join('; ');
  const changed = unlike(one, other);
  return changed === undefined
    ? 'an entry is listed more often in one of them'
    : `the entry ${changed.name} has other content`;
}

/** The pages of two lists that show their first difference, and what each has there. */
export function pagesThatDiffer(one: WholeList, other: WholeList): Pick<Finding, 'evidence' | 'differing'> {
  const mine = unlike(one, other);
  const theirs = mine === undefined ? unlike(other, one) : entryNamed(other, mine.name);
  const inside = mine && theirs && firstDifference(mine.entry, theirs.entry);
  const at = (mine ?? theirs)?.at;
  return {
    evidence: [mine?.page ?? one.first, theirs?.page ?? other.first],
    ...(at !== undefined && {
      differing: {
        at: `${at}${inside?.at ?? ''}`,
        values: inside?.values ?? [mine?.entry, theirs?.entry],
      },
    }),
  };
}

const namesOf = ({ entries }: WholeList): readonly string[] => entries.map(({ name }) => name).toSorted();

/** The first entry of `one` that `other` has not. */
const unlike = (one: WholeList, other: WholeList): ListEntry | undefined =>
  one.entries.find(({ text }) => other.entries.every((each) => each.text !== text));

const entryNamed = ({ entries }: WholeList, name: string): ListEntry | undefined =>
  entries.find((each) => each.name === name);
