/** @module Proves what the bench says of goals, and of this build against the one before. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonsIn, comparisonTable } from '../bench/against-before.ts';
import { type Build, buildsWith } from '../bench/build.ts';
import type { Context } from '../bench/context.ts';
import { goalOf, goalTable, ratioGoal, sentenceOf } from '../bench/goal.ts';
import { allWithin } from '../bench/known-figures.ts';
import { closingTables, page, type SectionResult, sentencesOf } from '../bench/report.ts';
import { type Arm, type Rounds, runRounds, spreadIn } from '../bench/rounds.ts';
import { scratch } from '../src/units/scratch.case.ts';

const MEMORY = { what: 'memory', direction: 'below', bound: 500, unit: 'MB' } as const;

describe('a goal', () => {
  it.each([
    ['at least', 0.85, 0.85, 'reached'],
    ['at least', 0.85, 0.849, 'missed'],
    ['at most', 12, 12, 'reached'],
    ['at most', 12, 12.1, 'missed'],
    ['below', 5, 4.9, 'reached'],
    ['below', 5, 5, 'missed'],
    ['below', 5, undefined, 'not measured'],
    ['below', 5, Number.NaN, 'not measured'],
  ] as const)('of %s %d is, at %d, %s', (direction, bound, value, state) => {
    expect(goalOf({ what: 'it', direction, bound, unit: '' }, value).state).toBe(state);
  });

  it('is a sentence with value, bound and unit', () => {
    expect(sentenceOf(goalOf(MEMORY, 512.4))).toBe('memory: 512 MB; the goal of below 500 is MISSED.');
    expect(sentenceOf(goalOf(MEMORY, undefined))).toBe('memory: not measured; the goal is below 500 MB.');
    const bound = {
      what: 'wire, calls per second',
      client: 'wire',
      base: 'wrk',
      direction: 'at least',
    } as const;
    expect(sentenceOf(ratioGoal([{ wire: 90, wrk: 100 }], { ...bound, bound: 0.85 }))).toBe(
      'wire, calls per second: 0.900 x wrk; the goal of at least 0.85 is reached.',
    );
    expect(sentenceOf(ratioGoal([{ wire: 90 }], { ...bound, bound: 0.85 }))).toBe(
      'wire, calls per second: not measured; the goal is at least 0.85 x wrk.',
    );
  });

  it('is reached when no figure is out of its bound', () => {
    expect(allWithin([{ good: true }, { good: true }]).state).toBe('reached');
    expect(allWithin([{ good: true }, { good: false }])).toMatchObject({ value: 1, state: 'missed' });
  });

  it('stands in one list with all others, the missed ones first', () => {
    const { caption, rows } = goalTable([
      { section: 'a', goal: goalOf(MEMORY, 400) },
      { section: 'b', goal: goalOf(MEMORY, undefined) },
      { section: 'c', goal: goalOf(MEMORY, 600) },
    ]);
    expect(caption).toBe('Goals: 1 reached, 1 missed, 1 not measured');
    expect(rows).toEqual([
      ['c', 'memory', '600 MB', 'below 500', 'MISSED'],
      ['b', 'memory', '', 'below 500', 'not measured'],
      ['a', 'memory', '400 MB', 'below 500', 'reached'],
    ]);
  });
});

const THIS: Build = { kind: 'this', folder: '/this' };
const BEFORE: Build = { kind: 'before', folder: '/before' };

function contextOf(rounds: number, builds: Context['builds'], said: string[] = []): Context {
  return { effort: { rounds, seconds: 1 }, builds, long: false, say: (line) => said.push(line) };
}

describe('rounds', () => {
  const paceline: Arm = {
    name: 'wire',
    of: 'paceline',
    measure: async (_, { kind }) => ({ failed: 0, perSecond: kind === 'this' ? 200 : 100 }),
  };
  const other: Arm = {
    name: 'wrk',
    of: 'other program',
    measure: async () => ({ failed: 0, perSecond: 300 }),
  };

  it('measure Paceline in every build and other programs once, every second round in reverse order', async () => {
    const said: string[] = [];
    const rounds = await runRounds([paceline, other], contextOf(2, [THIS, BEFORE], said));
    expect(rounds.names).toEqual(['wire', 'wire (before)', 'wrk']);
    expect(rounds.figures).toEqual({
      perSecond: Array(2).fill({ wire: 200, 'wire (before)': 100, wrk: 300 }),
    });
    expect(said.map((line) => line.split(': ')[1])).toEqual([
      ...['wire', 'wire (before)', 'wrk'],
      ...['wrk', 'wire (before)', 'wire'],
    ]);
  });

  it('without a build before measure this one alone', async () => {
    const rounds = await runRounds([paceline, other], contextOf(1, [THIS]));
    expect(rounds.names).toEqual(['wire', 'wrk']);
    expect(comparisonsIn(rounds)).toEqual([]);
  });

  it('leave out a measurement with failed calls, and say so', async () => {
    let round = 0;
    const flaky: Arm = {
      ...other,
      measure: async () => ({ failed: round++ === 0 ? 3 : 0, perSecond: 10 }),
    };
    const rounds = await runRounds([flaky], contextOf(2, [THIS]));
    expect(rounds.failures).toEqual(['round 1: 3 calls of wrk failed, so it is left out.']);
    expect(spreadIn(rounds, 'perSecond', 'wrk')).toEqual({ median: 10, min: 10, max: 10 });
  });

  it('leave out what the build before cannot run, once; a fault of this build ends them', async () => {
    const unable = (kind: Build['kind']): Arm => ({
      ...paceline,
      measure: async (seconds, build) => {
        if (build.kind === kind) throw new Error('no such module');
        return paceline.measure(seconds, build);
      },
    });
    const rounds = await runRounds([unable('before')], contextOf(3, [THIS, BEFORE]));
    expect(rounds.failures).toEqual(['wire (before): that build cannot run it, so it is left out.']);
    expect(rounds.figures.perSecond).toHaveLength(3);
    await expect(runRounds([unable('this')], contextOf(1, [THIS, BEFORE]))).rejects.toThrow('no such module');
  });
});

describe('this build against the one before', () => {
  const roundsOf = (figure: 'perSecond' | 'cpuUs', ratios: readonly number[]): Rounds => ({
    title: 'over TLS',
    names: ['wire', 'wire (before)'],
    figures: { [figure]: ratios.map((ratio) => ({ wire: 100 * ratio, 'wire (before)': 100 })) },
    failures: [],
  });

  it.each([
    ['perSecond', [0.9, 0.95, 0.99], 'worse'],
    ['perSecond', [1.1, 1.2, 1.01], 'better'],
    ['perSecond', [0.9, 0.95, 1.01], 'same'],
    ['perSecond', [0.992, 0.995, 0.999], 'same'],
    ['cpuUs', [1.1, 1.2, 1.01], 'worse'],
    ['cpuUs', [0.9, 0.95, 0.99], 'better'],
    ['cpuUs', [0.5, 0.5], 'undecided'],
  ] as const)('with %s at %j x is %s', (figure, ratios, verdict) => {
    expect(comparisonsIn(roundsOf(figure, ratios)).map((one) => one.verdict)).toEqual([verdict]);
  });

  it('is worse only if every round says so, and at least one of them by 1 %', () => {
    const ratio = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 3, maxLength: 9 }), (ratios) => {
        const [comparison] = comparisonsIn(roundsOf('perSecond', ratios));
        if (comparison?.verdict !== 'worse') return;
        expect(Math.max(...ratios)).toBeLessThan(1);
        expect(Math.min(...ratios)).toBeLessThanOrEqual(0.99);
      }),
    );
  });

  it('is one table, the worse ones first', () => {
    const all = [roundsOf('perSecond', [2, 2, 2]), roundsOf('cpuUs', [2, 2, 2])].flatMap((rounds) =>
      comparisonsIn(rounds).map((comparison) => ({ section: 'tls', comparison })),
    );
    const { caption, rows } = comparisonTable(all);
    expect(caption).toBe('This build against the one before: 1 of 2 figures are worse beyond their spread');
    expect(rows).toEqual([
      ['tls', 'over TLS: wire', 'CPU us/call', 'less', '2.000 (2.000 .. 2.000)', 'WORSE'],
      ['tls', 'over TLS: wire', 'calls/s', 'more', '2.000 (2.000 .. 2.000)', 'better'],
    ]);
  });

  it('takes a checkout or its folder .bench, and nothing else', () => {
    const checkout = scratch();
    const compiled = join(checkout, '.bench');
    expect(() => buildsWith(checkout)).toThrow(/has no compiled bench/);
    mkdirSync(join(compiled, 'bench'), { recursive: true });
    writeFileSync(join(compiled, 'bench/client.js'), '');
    for (const folder of [checkout, compiled])
      expect(buildsWith(folder)[1]).toEqual({ kind: 'before', folder: compiled });
  });
});

describe('the page', () => {
  const rounds: Rounds = {
    names: ['wire', 'wire (before)'],
    figures: { cpuUs: Array(3).fill({ wire: 1, 'wire (before)': 2 }) },
    failures: ['left out.'],
  };
  const section: SectionResult = {
    name: 'tls',
    title: 'TLS',
    method: 'Somehow.',
    createdAt: '2026-01-02T03:04:05.000Z',
    command: 'npm run bench',
    effort: { rounds: 5, seconds: 3 },
    pinned: true,
    machine: { cpu: 'A', cores: 2, memoryBytes: 1, os: 'Linux', node: 'v20', loadAverage1: 0.1 },
    tables: [],
    goals: [goalOf(MEMORY, 600)],
    notes: ['A note.'],
    rounds: [rounds],
    comparisons: comparisonsIn(rounds),
  };

  it('begins with the comparison and all goals, and repeats those of a section in it', () => {
    expect(closingTables([section]).map(({ rows }) => rows.length)).toEqual([1, 1]);
    expect(sentencesOf(section)).toEqual([
      'memory: 600 MB; the goal of below 500 is MISSED.',
      'A note.',
      'left out.',
    ]);
    const text = page([section]);
    expect(text.indexOf('| tls | memory | 600 MB | below 500 | MISSED |')).toBeLessThan(
      text.indexOf('## TLS'),
    );
    expect(text).toContain('- memory: 600 MB; the goal of below 500 is MISSED.');
  });

  it('is made of results without goals as well', () => {
    const { goals: _goals, rounds: _rounds, comparisons: _comparisons, ...older } = section;
    expect(closingTables([older])).toEqual([]);
    expect(page([older])).toContain('- A note.');
  });
});
