/** @module The tools for baskets: state that a client comes back for, behind handles as `fleet.state` says. */
import { z } from 'zod';
import type { Guard, StateChange } from '../guard/guard.ts';
import type { JsonObject } from '../protocol/json-object.ts';
import type { Handles } from '../state/handles.ts';
import { openHandles } from '../state/open-handles.ts';
import { systemClock } from '../units/clock.ts';
import { traceparentOf } from './guarded-operation.ts';
import type { InstanceInput } from './instance.ts';
import { ownerOf } from './owner.ts';
import { failed, structured, type ToolRequest, type ToolResult } from './tool-answer.ts';
import type { Tool } from './tools.ts';

/** The tools, and what they hold open. */
export interface Baskets {
  readonly tools: readonly Tool[];
  close(): Promise<void>;
}

/** What a tool did with a basket. */
interface Done {
  /** The handle that the answer has; empty when it has none. */
  readonly handle: string;
  /** What else the answer has. */
  readonly members: JsonObject;
  readonly change?: StateChange['change'];
}

/** A tool; `work` gets the handle and the item that were given, where the tool takes them. Undefined: there is no such basket. */
interface BasketTool extends Pick<Tool, 'name' | 'description' | 'schema' | 'annotations'> {
  work(given: { readonly basket: string; readonly item: string }, owner: string): Promise<Done | undefined>;
}

/** Of a tool that makes or changes a basket, each time it is called. */
const MAKES = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
} as const;

const basket_id = z.string().describe('The basket, as create_basket or the last change of it has named it');

/** The tools of an instance without `fleet.state`: none. Rejects when the store cannot be reached. */
export async function openBaskets(input: InstanceInput, guard: Guard | undefined): Promise<Baskets> {
  if (input.state === undefined) return { tools: [], close: async () => {} };
  const handles = await openHandles(input.state, input.id);
  const tools: readonly BasketTool[] = [
    {
      name: 'create_basket',
      description: 'Makes an empty basket.',
      schema: z.object({}),
      annotations: MAKES,
      async work(_, owner) {
        return { handle: await handles.create('', owner), members: {}, change: 'created' };
      },
    },
    {
      name: 'add_to_basket',
      description: 'Puts an item into a basket.',
      schema: z.object({ basket_id, item: z.string().min(1).max(1000).describe('What to put into it') }),
      annotations: MAKES,
      async work({ basket, item }, owner) {
        const changed = await handles.change(basket, owner, (value) => withItem(value, item));
        if (changed === undefined) return undefined;
        const members = { items: itemsOf(changed.value).length };
        return { handle: changed.handle, members, change: 'changed' };
      },
    },
    {
      name: 'get_basket',
      description: 'Says what is in a basket.',
      schema: z.object({ basket_id }),
      annotations: { readOnlyHint: true, openWorldHint: false },
      async work({ basket }, owner) {
        const value = await handles.read(basket, owner);
        return value === undefined ? undefined : { handle: basket, members: { items: itemsOf(value) } };
      },
    },
    {
      name: 'close_basket',
      description: 'Gives a basket up, with what is in it.',
      schema: z.object({ basket_id }),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
      async work({ basket }, owner) {
        if (!(await handles.revoke(basket, owner))) return undefined;
        return { handle: '', members: { closed: true }, change: 'revoked' };
      },
    },
  ];
  return { tools: tools.map((tool) => offered(tool, handles, guard)), close: () => handles.close() };
}

function offered({ work, ...tool }: BasketTool, handles: Handles, guard: Guard | undefined): Tool {
  return {
    ...tool,
    async call(input, request) {
      const { basket_id: basket = '', item = '' } = input as Readonly<Record<string, string>>;
      const startedUs = systemClock.now();
      const done = await work({ basket, item }, ownerOf(request.identity));
      const us = systemClock.now() - startedUs;
      const [made, rotated] = [basket === '', handles.isRotated(basket)];
      if (done === undefined) {
        const bytes = Buffer.byteLength(basket);
        return { ...UNKNOWN, state: { us, bytes, made: false, rotated, unknown: true } };
      }
      const { handle, members, change } = done;
      if (change !== undefined) record(guard, request, { tool: tool.name, change, handle: handle || basket });
      // It stands in the text and in the structured content.
      const bytes = Buffer.byteLength(basket) + 2 * handle.length;
      const answer = structured({ ...(handle !== '' && { basket_id: handle }), ...members });
      return { ...answer, state: { us, bytes, made, rotated, unknown: false } };
    },
  };
}

/** The same for a basket that never was, one that is over, and one of somebody else. */
const UNKNOWN: ToolResult = failed('There is no such basket');

function record(
  guard: Guard | undefined,
  { params, identity }: ToolRequest,
  change: Pick<StateChange, 'tool' | 'change' | 'handle'>,
): void {
  guard?.changed({ ...change, identity, traceparent: traceparentOf(params, undefined) });
}

/** A basket is kept as its items, each as JSON, one a line: no more than what is asked for later. */
const withItem = (value: string, item: string): string =>
  value === '' ? JSON.stringify(item) : `${value}\n${JSON.stringify(item)}`;

const itemsOf = (value: string): readonly string[] =>
  value === '' ? [] : value.split('\n').map((line) => JSON.parse(line) as string);
