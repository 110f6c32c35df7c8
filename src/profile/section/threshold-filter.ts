/** @module What the braces of a threshold restrict it to: `{tools/call echo}`, `{tool:search}`, `{instance:2}`, `{flow:order}`, `{identity:reader, call:tools/list}`. */
import { alternatives, nearest } from '../../units/words.ts';
import type { BoundedMetric } from './bounded-metric.ts';
import type { Piece } from './threshold-text.ts';
import type { RuleProblem } from './values.ts';

/** The calls that a threshold is restricted to; every one that is present must fit. */
export interface Filter {
  /** Name of a call: `tools/call search`. */
  readonly call?: string;
  /** Name of the instance that answered. */
  readonly instance?: string;
  /** Name of the identity of the caller. */
  readonly identity?: string;
  /** Name of the flow. */
  readonly flow?: string;
}

const KINDS = ['call', 'tool', 'instance', 'identity', 'flow'] as const;
type FilterKind = (typeof KINDS)[number];

/** What each name in the braces is the name of, and where it stands. */
export type FilterNames = Partial<Record<FilterKind, Piece>>;

const PART = /\s*,\s*(?=[a-z]+\s*:)/g;
/** The name of a call begins with its method, which has a slash before any colon. */
const KIND = /^([a-z]+)\s*:\s*/;

/** The names in the braces, or the problem with one of them. */
export function readFilter(braces: Piece): FilterNames | RuleProblem {
  if (!KIND.test(braces.text)) return braces.text === '' ? unnamed(braces) : { call: braces };
  const names: Partial<Record<FilterKind, Piece>> = {};
  for (const part of partsOf(braces)) {
    const [head = '', word = ''] = KIND.exec(part.text) ?? [];
    const name = { text: part.text.slice(head.length), offset: part.offset + head.length };
    const kind = KINDS.find((each) => each === word);
    if (kind === undefined) return unknownKind(word, part);
    if (name.text === '') return unnamed(name);
    if (names[kind] !== undefined)
      return { what: `"{${braces.text}}" names two of "${kind}"`, expected: 'one', offset: part.offset };
    names[kind] = name;
  }
  if (names.call === undefined || names.tool === undefined) return names;
  return {
    what: `"{${braces.text}}" names a call and a tool`,
    expected: 'one of the two',
    offset: braces.offset,
  };
}

/** The calls that these names stand for. */
export function filterOf({ call, tool, instance, identity, flow }: FilterNames): Filter {
  const named = tool === undefined ? call?.text : `${TOOL_CALL}${tool.text}`;
  return {
    ...(named !== undefined && { call: named }),
    ...(instance && { instance: instance.text }),
    ...(identity && { identity: identity.text }),
    ...(flow && { flow: flow.text }),
  };
}

/** With the name of a tool after it, the name of a call of the tool. */
export const TOOL_CALL = 'tools/call ';

/** The problem of a filter that `metric` is not measured by; undefined when it is. */
export function unmeasured(
  names: FilterNames,
  metric: BoundedMetric,
  metrics: readonly BoundedMetric[],
): RuleProblem | undefined {
  const { call, tool, instance, identity, flow } = names;
  const named = call ?? tool;
  for (const [kind, alone] of [
    ['an instance', instance],
    ['a flow', flow],
  ] as const) {
    if (alone === undefined || Object.keys(names).length === 1) continue;
    const what = `${kind} cannot be combined with other names in braces`;
    return { what, expected: 'one of them', offset: alone.offset };
  }
  const fault = (kind: string, { offset }: Piece, by: (one: BoundedMetric) => boolean | undefined) => ({
    what: `"${metric.name}" is not measured for each ${kind}`,
    expected: `${kind} in braces after ${alternatives(metrics.filter(by).map(({ name }) => `"${name}"`)) || 'no metric'}`,
    offset,
  });
  if (instance && metric.byInstance !== true) return fault('instance', instance, (one) => one.byInstance);
  if (identity && metric.byIdentity !== true) return fault('identity', identity, (one) => one.byIdentity);
  if (flow && metric.byFlow !== true) return fault('flow', flow, (one) => one.byFlow);
  if (named && !identity && !metric.byCall) return fault('call', named, (one) => one.byCall);
  return undefined;
}

function partsOf({ text, offset }: Piece): readonly Piece[] {
  const seams = [...text.matchAll(PART)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  return [...seams, undefined].map((seam, place) => {
    const from = place === 0 ? 0 : seams[place - 1]!.to;
    return { text: text.slice(from, seam?.from), offset: offset + from };
  });
}

const unnamed = ({ offset }: Piece): RuleProblem => ({
  what: 'a name is missing in the braces',
  expected: 'such as {tools/call echo}, {tool:echo}, {instance:1}, {identity:reader} or {flow:order}',
  offset,
});

function unknownKind(word: string, { offset }: Piece): RuleProblem {
  const near = nearest(word, KINDS);
  return {
    what: `unknown filter "${word}"`,
    expected: alternatives(KINDS),
    ...(near !== undefined && { todo: `did you mean "${near}"?` }),
    offset,
  };
}
