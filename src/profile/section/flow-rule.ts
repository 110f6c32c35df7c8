/** @module What is wrong with the flows and the references of a mix: names, think times, values that nothing saves. */
import { nearest } from '../../units/words.ts';
import { SAVED } from '../template/placeholder.ts';
import { type PlacedReference, referencesIn } from '../template/template.ts';
import { groupsOf, type PlacedCall, savedPaths } from './flow.ts';
import { isMapping, type Mapping, type RuleProblem, type Violation, violationAt } from './values.ts';

/** The values that templates can refer to. */
interface Known {
  /** Names of saved values; absent outside of a flow. */
  readonly saved?: ReadonlySet<string>;
  /** Names of the data of the profile. */
  readonly data: readonly string[];
}

/** The problems of `calls`, each below the list. `data`: the names of the data of the profile. */
export function flowProblems(calls: readonly unknown[], data: readonly string[]): readonly Violation[] {
  return [
    ...calls.flatMap((call, index) =>
      isMapping(call) ? callProblems(call, data).map((one) => below([index], one)) : [],
    ),
    ...repeatedNames(calls),
  ];
}

function callProblems(call: Mapping, data: readonly string[]): readonly Violation[] {
  const { flow } = call;
  if (flow === undefined) {
    return [
      ...referenceProblems(call, { data }),
      ...violationAt(['name'], call['name'] === undefined ? undefined : NAME_OF_CALL),
    ];
  }
  if (!Array.isArray(flow)) return [];
  return [...savedProblems(flow, data), ...thinkProblems(flow)].map((one) => below(['flow'], one));
}

const NAME_OF_CALL: RuleProblem = {
  what: 'is for flows: a call is named by its method',
  todo: 'leave it out',
};

/** A step knows what the steps before it have saved; calls in parallel do not know each other's. */
function savedProblems(steps: readonly unknown[], data: readonly string[]): readonly Violation[] {
  const saved = new Set<string>();
  return groupsOf(steps).flatMap((group) => {
    const found = group.flatMap(({ call, path }: PlacedCall) =>
      referenceProblems(call, { saved: new Set(saved), data }).map((one) => below(path, one)),
    );
    for (const { call } of group) for (const [name] of savedPaths(call)) saved.add(name);
    return found;
  });
}

/** Think time lies between two calls. */
function thinkProblems(steps: readonly unknown[]): readonly Violation[] {
  const thinks = steps.map((step) => isMapping(step) && step['think'] !== undefined);
  const first = thinks.indexOf(false);
  const last = thinks.lastIndexOf(false);
  return thinks.flatMap((isThink, index) =>
    violationAt(
      [index, 'think'],
      isThink && (index < first || index > last || first < 0) ? THINK_AT_THE_EDGE : undefined,
    ),
  );
}

const THINK_AT_THE_EDGE: RuleProblem = {
  what: 'has no call on both sides',
  expected: 'think time between two calls of the flow',
};

function referenceProblems(call: Mapping, known: Known): readonly Violation[] {
  return ['arguments', 'params', 'read'].flatMap((key) =>
    referencesIn(call[key] ?? null).flatMap((reference) =>
      violationAt([key, ...reference.path], unknownReference(reference, known)),
    ),
  );
}

function unknownReference(
  { source, field }: PlacedReference,
  { saved, data }: Known,
): RuleProblem | undefined {
  if (source !== SAVED) {
    if (data.includes(source)) return undefined;
    const near = nearest(source, [SAVED, ...data]);
    return {
      what: `unknown placeholder "${source}.${field}"`,
      expected:
        data.length === 0
          ? 'a name that data defines'
          : `one of ${data.map((one) => `{{${one}.COLUMN}}`).join(', ')}`,
      ...(near !== undefined && { todo: `did you mean {{${near}.${field}}}?` }),
    };
  }
  if (saved === undefined)
    return {
      what: `{{saved.${field}}} is outside of a flow`,
      expected: 'a step of a flow, after one that saves it',
    };
  if (saved.has(field)) return undefined;
  const near = nearest(field, [...saved]);
  return {
    what: `no earlier step saves "${field}"`,
    expected: saved.size === 0 ? 'save in a step before this one' : `one of ${[...saved].join(', ')}`,
    ...(near !== undefined && { todo: `did you mean {{saved.${near}}}?` }),
  };
}

function repeatedNames(calls: readonly unknown[]): readonly Violation[] {
  const seen = new Set<unknown>();
  return calls.flatMap((call, index) => {
    if (!isMapping(call) || call['flow'] === undefined || call['name'] === undefined) return [];
    const repeated = seen.has(call['name']);
    seen.add(call['name']);
    return violationAt(
      [index, 'name'],
      repeated
        ? { what: `"${String(call['name'])}" is the name of another flow`, expected: 'a name of its own' }
        : undefined,
    );
  });
}

const below = (path: Violation['path'], { path: rest, problem }: Violation): Violation => ({
  path: [...path, ...rest],
  problem,
});
