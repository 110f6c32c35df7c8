/** @module The events that change what the built-in servers offer: their keys, limits and settings. */
import type { z } from 'zod';
import { type Micros, parseDuration } from '../../units/time.ts';
import { listOf } from '../../units/words.ts';
import { namesAfter, toolNames } from '../tool-names.ts';
import { instancesOf, withoutOwnServer } from './fleet.ts';
import { catalogueOf } from './tools.ts';
import {
  choice,
  flag,
  integer,
  isMapping,
  type Mapping,
  text,
  type Violation,
  violationAt,
} from './values.ts';

export const CATALOGUE_EVENT_KINDS = ['changeCatalogue', 'updateResource'] as const;
export type CatalogueEventKind = (typeof CATALOGUE_EVENT_KINDS)[number];

const CATALOGUE_LISTS = ['tools', 'prompts', 'resources'] as const;
type CatalogueList = (typeof CATALOGUE_LISTS)[number];

/** A change of what the servers offer, as planned. */
export interface PlannedCatalogueEvent {
  readonly kind: CatalogueEventKind;
  /** From the start of the measured time. */
  readonly atUs: Micros;
  /** `changeCatalogue`: which list. */
  readonly list?: CatalogueList;
  /** `changeCatalogue`: the tool that gets the name {@link to}; callers that know the new list use it. Absent: entries are added. */
  readonly renamed?: { readonly from: string; readonly to: string };
  /** `changeCatalogue`: how many entries are added. */
  readonly added?: number;
  /** `updateResource`. */
  readonly uri?: string;
  /** Whether the servers tell clients that hold a stream for it. */
  readonly notify: boolean;
  /** Number of an instance that goes on answering as before. */
  readonly except?: number;
}

/** The keys of an event that concern the catalogue. */
export const CATALOGUE_KEYS = {
  changeCatalogue: choice(CATALOGUE_LISTS)
    .optional()
    .describe('Changes this list of the built-in servers, as `rename` or `add` says.'),
  rename: text('the name of a tool')
    .optional()
    .describe('Of `changeCatalogue: tools`: the tool that gets the name in `to`.'),
  to: text('the new name').optional().describe('The new name in `rename`. Default: the old one with `_v2`.'),
  add: integer(1, 1000).optional().describe('Of `changeCatalogue`: how many entries are added. Default 1.'),
  updateResource: text('a URI')
    .optional()
    .describe('Changes the text of this resource: `paceline://resource/1` and so on.'),
  notify: flag()
    .optional()
    .describe(
      'Whether the servers tell callers that hold a stream for it (`cache.subscribe`). Default: true.',
    ),
  except: integer(1, 64)
    .optional()
    .describe(
      'Number of an instance that goes on answering as before the change, as one does that is not updated.',
    ),
};

/** Such an event, as written. */
type Given = { readonly at: string } & {
  readonly [Key in keyof typeof CATALOGUE_KEYS]?: z.output<(typeof CATALOGUE_KEYS)[Key]>;
};

/** Checks that what changes the catalogue says what, and that the servers are ours. */
export function catalogueLimits(
  event: Mapping,
  profile: Mapping,
  place: Violation['path'],
): readonly Violation[] {
  const { changeCatalogue, updateResource, rename, to, add, except } = event;
  const at = (key: string, what: string, todo: string): readonly Violation[] =>
    violationAt([...place, key], { what, todo });
  const kind = kindIn(CATALOGUE_EVENT_KINDS, event);
  if (kind === undefined) {
    return CATALOGUE_DETAILS.filter((key) => event[key] !== undefined).flatMap((key) =>
      at(key, `applies to ${listOf(CATALOGUE_EVENT_KINDS)} only`, 'leave it out'),
    );
  }
  const instances = instancesOf(profile);
  const foreign = withoutOwnServer(
    profile,
    [...place, kind],
    'needs a built-in server, whose catalogue can change',
    null,
  );
  const onlyOfLists = ['rename', 'add'].filter(
    (key) => updateResource !== undefined && event[key] !== undefined,
  );
  return [
    ...foreign,
    ...onlyOfLists.flatMap((key) => at(key, 'applies to changeCatalogue only', 'leave it out')),
    ...(rename !== undefined && changeCatalogue !== undefined && changeCatalogue !== 'tools'
      ? at('rename', 'applies to tools only', 'use changeCatalogue: tools, or add')
      : []),
    ...(rename !== undefined && add !== undefined && changeCatalogue === 'tools'
      ? at('rename', 'cannot be combined with add', 'make two events of it')
      : []),
    ...(changeCatalogue === 'tools' && add === undefined && foreign.length === 0
      ? renameLimits(event, profile, place)
      : []),
    ...(to !== undefined && rename === undefined
      ? at('to', 'has no effect without rename', 'name the tool in rename, or leave it out')
      : []),
    ...(typeof updateResource === 'string' && !(resourceNumber(updateResource) <= resourcesOf(profile))
      ? at('updateResource', 'is no resource of the built-in servers', resourceHint(resourcesOf(profile)))
      : []),
    ...(Number(except) > instances
      ? at('except', `there is no instance ${except}`, `choose one from 1 to ${instances}`)
      : []),
  ];
}

/** Checks that the tool to rename exists when the event happens, and that no other one has the new name. */
function renameLimits(event: Mapping, profile: Mapping, place: Violation['path']): readonly Violation[] {
  const { rename, to = `${String(rename)}_v2` } = event;
  const names = toolsBefore(event, profile);
  if (typeof rename !== 'string' || names === undefined) return [];
  if (!names.includes(rename)) {
    return violationAt([...place, 'rename'], {
      what: `there is no tool ${rename} at that time`,
      expected: `${names.length === 1 ? 'the only tool' : `one of the ${names.length} tools`}: ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', ...' : ''}`,
      todo: 'choose one, or raise fleet.tools.catalogue',
    });
  }
  if (!names.includes(String(to))) return [];
  return violationAt([...place, event['to'] === undefined ? 'rename' : 'to'], {
    what: `there is a tool ${to} already`,
    todo: 'choose another name in `to`',
  });
}

/** Names that a message lists. */
const MOST_NAMES = 8;

/** The tools that the servers offer just before `event`; undefined where the profile does not say how many. */
function toolsBefore(event: Mapping, profile: Mapping): readonly string[] | undefined {
  const { events } = profile;
  const size = catalogueOf(profile);
  if (size === undefined || !Array.isArray(events)) return undefined;
  const inOrder = (events as readonly unknown[])
    .filter(isMapping)
    .filter((each) => each['changeCatalogue'] === 'tools' && parseDuration(String(each['at'])) !== undefined)
    .toSorted((a, b) => parseDuration(String(a['at']))! - parseDuration(String(b['at']))!);
  const before = inOrder.slice(0, Math.max(0, inOrder.indexOf(event)));
  let names = toolNames(size);
  for (const { rename, to = `${String(rename)}_v2`, add } of before) {
    names =
      rename === undefined
        ? names.concat(namesAfter(names.length, Number(add ?? 1)))
        : names.map((name) => (name === rename ? String(to) : name));
  }
  return names;
}

/** NaN for a URI of another form. */
const resourceNumber = (uri: string): number => Number(/^paceline:\/\/resource\/([1-9]\d*)$/.exec(uri)?.[1]);

function resourcesOf({ fleet }: Mapping): number {
  const offer = isMapping(fleet) ? fleet['offer'] : undefined;
  return Number((isMapping(offer) ? offer['resources'] : undefined) ?? 0);
}

const resourceHint = (resources: number): string =>
  resources === 0
    ? 'set fleet.offer.resources, and name paceline://resource/1'
    : `choose one from paceline://resource/1 to paceline://resource/${resources}`;

const CATALOGUE_DETAILS = ['rename', 'to', 'add', 'notify', 'except'] as const;

/** What `event` does, when that is one of `kinds`. */
export function kindIn<Kind extends string>(kinds: readonly Kind[], event: Mapping): Kind | undefined {
  return kinds.find((each) => event[each] !== undefined);
}

/** The event as planned. */
export function catalogueEvent(event: Given, kind: CatalogueEventKind): PlannedCatalogueEvent {
  const { at, changeCatalogue, rename, to, add, updateResource, notify = true, except } = event;
  const common = {
    kind,
    atUs: parseDuration(at)!,
    notify,
    ...(except !== undefined && { except }),
  } as const;
  if (kind === 'updateResource') return { ...common, uri: updateResource! };
  return {
    ...common,
    list: changeCatalogue!,
    ...(rename === undefined ? { added: add ?? 1 } : { renamed: { from: rename, to: to ?? `${rename}_v2` } }),
  };
}
