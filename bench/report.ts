/** @module Stores the results of the bench: a JSON file with all data, and a Markdown page. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../src/result/machine.ts';
import { type Comparison, comparisonTable } from './against-before.ts';
import type { Effort } from './context.ts';
import { goalTable, sentenceOf } from './goal.ts';
import type { Outcome, Section } from './section.ts';
import { markdown, type Table } from './table.ts';

/** One section as it was run. */
export interface SectionResult extends Outcome {
  readonly name: string;
  readonly title: string;
  readonly method: string;
  readonly createdAt: string;
  readonly command: string;
  readonly effort: Effort;
  readonly pinned: boolean;
  readonly machine: Machine;
  /** This build against the one before; absent without one. */
  readonly comparisons?: readonly Comparison[];
}

/** Everything measured so far: the latest run of every section. */
export interface BenchDocument {
  readonly schema: 'paceline/bench@1';
  readonly sections: readonly SectionResult[];
}

/** `before` with `fresh` in place of an earlier run of the same section. */
export function withSection(before: BenchDocument, fresh: SectionResult): BenchDocument {
  const others = before.sections.filter(({ name }) => name !== fresh.name);
  return { ...before, sections: [...others, fresh] };
}

/** The document stored in `folder`; empty when there is none, or an unreadable one. */
export function readBench(folder: string): BenchDocument {
  try {
    const stored = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as BenchDocument;
    if (stored.schema === 'paceline/bench@1') return stored;
  } catch {
    // The first run, or a truncated file: start with an empty document.
  }
  return { schema: 'paceline/bench@1', sections: [] };
}

/** Stores `document` in `folder`, sections in the order of `all`. */
export function writeBench(folder: string, document: BenchDocument, all: readonly Section[]): void {
  const order = all.map(({ name }) => name);
  const sections = [...document.sections].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bench.json'), `${JSON.stringify({ ...document, sections }, null, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), page(sections));
}

/** All goals of `sections`, and how this build compares with the one before, where they have any. */
export function closingTables(sections: readonly SectionResult[]): readonly Table[] {
  const goals = sections.flatMap(({ name, goals: own = [] }) => own.map((goal) => ({ section: name, goal })));
  const comparisons = sections.flatMap(({ name, comparisons: own = [] }) =>
    own.map((comparison) => ({ section: name, comparison })),
  );
  return [
    ...(comparisons.length > 0 ? [comparisonTable(comparisons)] : []),
    ...(goals.length > 0 ? [goalTable(goals)] : []),
  ];
}

/** The sentences about the figures of a section: its goals, its notes, and what was left out. */
export function sentencesOf({ goals = [], notes, rounds = [] }: Outcome): readonly string[] {
  return [...goals.map(sentenceOf), ...notes, ...rounds.flatMap(({ failures }) => failures)];
}

/** The page: all goals, then for every section its method, its tables and its sentences. */
export function page(sections: readonly SectionResult[]): string {
  const lines = [
    '# Bench',
    '',
    'Written by `npm run bench`; [docs/benchmarking.md](../../docs/benchmarking.md) explains what is compared, and why as ratios. The raw figures are in `bench.json`.',
  ];
  for (const table of closingTables(sections)) lines.push('', ...markdown(table));
  for (const section of sections) {
    const { machine, effort } = section;
    lines.push(
      '',
      `## ${section.title}`,
      '',
      section.method,
      '',
      `Made by \`${section.command}\` on ${section.createdAt.slice(0, 10)}: ${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${machine.node}, load average ${machine.loadAverage1} at the start; ${section.pinned ? 'client and server pinned to a core each' : 'not pinned'}; ${effort.rounds} rounds of ${effort.seconds} s where there are rounds.`,
    );
    for (const table of section.tables) lines.push('', ...markdown(table));
    const sentences = sentencesOf(section);
    if (sentences.length > 0) lines.push('', ...sentences.map((sentence) => `- ${sentence}`));
  }
  return `${lines.join('\n')}\n`;
}
