/** @module What an instance offers when it starts: its tools, and all else that its settings ask for. */

import type { JsonObject } from '../protocol/json-object.ts';
import { appFixtures } from './apps/view.ts';
import type { InstanceInput } from './instance.ts';
import { conformanceFixtures, type Fixtures } from './offer/conformance/fixtures.ts';
import { firstOffer, type Offer } from './offer/offer.ts';
import { roundFixtures } from './rounds/fixtures.ts';
import type { TaskBoard } from './tasks/board.ts';
import { offeredTasks } from './tasks/offered.ts';
import { type Tool, type ToolSet, toolSet } from './tools.ts';

/** An instance that has started. */
export interface Started extends Omit<ToolSet, 'tools'> {
  readonly offer: Offer;
  /** What a server of the era `stateless` says that it can do, beside what all of them can. */
  readonly capabilities: JsonObject;
  /** Absent when nothing makes tasks. */
  readonly tasks: TaskBoard | undefined;
}

/** What the instance of `input` starts with; `added`: tools beside those of the catalogue. */
export function started(input: InstanceInput, added: readonly Tool[] = []): Started {
  const { tools: settings, offer, seed, index } = input;
  const tasks = offeredTasks(input);
  const { tools, methods, ...limits } = toolSet(settings, seed, index);
  const fixtures = together([...(tasks ? [tasks.fixtures] : []), ...fixturesOf(input)]);
  return {
    ...limits,
    methods: { ...methods, ...fixtures.methods },
    capabilities: fixtures.capabilities,
    tasks: tasks?.board,
    offer: firstOffer(offer, [...tools, ...added], fixtures),
  };
}

/** What the settings ask for in addition. */
function fixturesOf({ offer, seed, rounds, state, apps }: InstanceInput): readonly Fixtures[] {
  return [
    ...(offer.conformance === undefined ? [] : [conformanceFixtures(seed)]),
    ...(rounds === undefined || state === undefined ? [] : [roundFixtures(rounds, state)]),
    ...(apps === undefined ? [] : [appFixtures(apps)]),
  ];
}

/** All of `list` as one; the extensions among the capabilities are those of all. */
function together(list: readonly Fixtures[]): Fixtures {
  const extensions = Object.assign({}, ...list.map(({ capabilities }) => capabilities['extensions']));
  const hasExtensions = Object.keys(extensions).length > 0;
  return {
    tools: list.flatMap(({ tools }) => tools),
    prompts: list.flatMap(({ prompts }) => prompts),
    resources: list.flatMap(({ resources }) => resources),
    templates: list.flatMap(({ templates }) => templates),
    methods: Object.assign({}, ...list.map(({ methods }) => methods)),
    capabilities: {
      ...Object.assign({}, ...list.map(({ capabilities }) => capabilities)),
      ...(hasExtensions && { extensions }),
    },
  };
}
