/** @module What keeps results from being a side of a comparison: figures that no run has, copies, and results of different workloads. */
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../units/user-error.ts';
import { listOf } from '../../units/words.ts';
import type { MeasuredResult } from '../measured-result.ts';
import { figureFault } from './figure-faults.ts';
import { type Measured, type ResultFile, takenTogether } from './measured.ts';
import { unlikeSides } from './unlike.ts';

type Files = readonly ResultFile<MeasuredResult>[];

/** One for each of `files` that cannot be taken together with the first, or cannot be used at all. */
export function sideProblems(files: Files): readonly Problem[] {
  return files.flatMap((file, place) => {
    const copied = files.slice(0, place).find((other) => isSameResult(other, file));
    return copied === undefined
      ? [...brokenProblems(file), ...(place === 0 ? [] : togetherProblems(files[0]!, file))]
      : [copyProblem(copied, file)];
  });
}

/** A problem for each result that is on both sides: a result is always the same as itself. */
export function sharedProblems(base: Files, candidate: Files): readonly Problem[] {
  return candidate.flatMap((file) => {
    const copied = base.find((other) => isSameResult(other, file));
    return copied === undefined ? [] : [copyProblem(copied, file)];
  });
}

/** The problem of sides that have no variant in common. A single variant on each side is the same one, however it is named. */
export function variantProblems(base: Measured, candidate: Measured): readonly Problem[] {
  const names = ({ variants }: Measured): readonly string[] => variants.map(({ name }) => name);
  const [one, other] = [names(base), names(candidate)];
  if ((one.length === 1 && other.length === 1) || one.some((name) => other.includes(name))) return [];
  return [
    {
      where: candidate.side.label,
      what: `has no variant of ${base.side.label}: it has ${quoted(other)}, and that has ${quoted(one)}`,
      expected: 'results with at least one variant in common',
    },
  ];
}

const quoted = (names: readonly string[]): string =>
  names.length === 0 ? 'no variants' : listOf(names.map((name) => `"${name}"`));

function isSameResult({ document: one }: Files[number], { document: other }: Files[number]): boolean {
  if (one.createdAt !== other.createdAt || one.seed !== other.seed) return false;
  const figures = ({ variants }: MeasuredResult) =>
    variants.map(({ name, repetitions }) => ({
      name,
      repetitions: repetitions.map(({ calls, responseTime }) => ({ calls, responseTime })),
    }));
  return isDeepStrictEqual(figures(one), figures(other));
}

const copyProblem = (one: Files[number], other: Files[number]): Problem => ({
  where: other.path,
  what: one.path === other.path ? 'was named twice' : `is a copy of ${one.path}`,
  expected: 'another run: the same repetitions say nothing when they are counted again',
});

/** Whether the repetitions of both can be taken together: they have to be of the same variants, workload and machine. */
function togetherProblems(first: Files[number], other: Files[number]): readonly Problem[] {
  const names = ({ document }: Files[number]): string => quoted(document.variants.map(({ name }) => name));
  const todo = 'name one of the files instead of the folder';
  if (names(first) !== names(other)) {
    const what = `has the variants ${names(other)}, and ${first.path} has ${names(first)}`;
    const expected = 'results of the same variants, since their repetitions are taken together';
    return [{ where: other.path, what, expected, todo }];
  }
  return unlikeSides(takenTogether(first.path, [first]), takenTogether(other.path, [other]))
    .filter(({ consequence }) => consequence === 'refused')
    .map(({ what, base, candidate }) => ({
      where: other.path,
      what: `cannot be taken together with ${first.path}: ${what} is ${candidate} instead of ${base}`,
      expected: 'results of the same workload on the same machine',
      todo,
    }));
}

/** What no run writes: the file was edited, or damaged. The first fault of each kind only. */
function brokenProblems({ path, document }: Files[number]): readonly Problem[] {
  const { createdAt, variants } = document;
  const names = variants.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  const faults = [
    ...(Number.isNaN(Date.parse(createdAt))
      ? [`its createdAt is ${JSON.stringify(createdAt)}, no date`]
      : []),
    ...(twice === undefined ? [] : [`two variants have the name "${twice}"`]),
  ];
  return [
    ...faults.map((fault) => ({ where: path, what: `is a broken result: ${fault}`, expected: AS_WRITTEN })),
    ...figureProblems({ path, document }),
  ];
}

const AS_WRITTEN = 'a result.json as paceline run has written it';

function figureProblems({ path, document }: Files[number]): readonly Problem[] {
  for (const { name, repetitions } of document.variants) {
    for (const repetition of repetitions) {
      const fault = figureFault(repetition);
      if (fault === undefined) continue;
      const of = name === '' ? '' : ` of "${name}"`;
      return [
        {
          where: path,
          what: `is a broken result, in repetition ${repetition.index + 1}${of}: ${fault}`,
          expected: AS_WRITTEN,
        },
      ];
    }
  }
  return [];
}
