/** @module Measures every arm of a section in every round, so that all run under the same conditions. */
import { type Build, nameIn } from './build.ts';
import type { Context } from './context.ts';
import type { FigureName } from './figures.ts';
import { orderOf, type Round, type Spread, spreadOf } from './ratio.ts';

/** One thing that a section measures. */
export interface Arm {
  readonly name: string;
  /** Of Paceline it is measured in each build, of another program once a round. */
  readonly of: 'paceline' | 'other program';
  measure(seconds: number, build: Build): Promise<Sample>;
}

/** The figures of one measurement. One with failed calls is left out, because failed calls can be faster. */
export interface Sample extends Readonly<Partial<Record<FigureName, number>>> {
  readonly failed: number;
}

/** The figures of all arms. */
export interface Rounds {
  /** What these arms have in common, where a section has several kinds; absent: it has one. */
  readonly title?: string;
  /** The arms, those of the build before with names of their own. */
  readonly names: readonly string[];
  readonly figures: Readonly<Partial<Record<FigureName, readonly Round[]>>>;
  /** One sentence for each measurement that was left out. */
  readonly failures: readonly string[];
}

/** Measures `arms`: every second round in reverse order. What the build before cannot run is left out. */
export async function runRounds(
  arms: readonly Arm[],
  { effort, builds, say }: Context,
  title?: string,
): Promise<Rounds> {
  const runs = arms.flatMap(({ name, of, measure }) =>
    (of === 'paceline' ? builds : builds.slice(0, 1)).map((build) => ({
      name: nameIn(build, name),
      build,
      measure,
    })),
  );
  const figures: Partial<Record<FigureName, Record<string, number>[]>> = {};
  const failures: string[] = [];
  const unable = new Set<string>();
  for (let index = 0; index < effort.rounds; index += 1) {
    for (const { name, build, measure } of orderOf(runs, index)) {
      if (unable.has(name)) continue;
      say(`round ${index + 1}/${effort.rounds}: ${name}`);
      try {
        const { failed, ...measured } = await measure(effort.seconds, build);
        if (failed > 0)
          failures.push(`round ${index + 1}: ${failed} calls of ${name} failed, so it is left out.`);
        else keep(figures, index, name, measured);
      } catch (error) {
        if (build.kind === 'this') throw error;
        unable.add(name);
        failures.push(`${name}: that build cannot run it, so it is left out.`);
        say(String(error));
      }
    }
  }
  const names = runs.map(({ name }) => name);
  return { ...(title !== undefined && { title }), names, figures, failures };
}

function keep(
  figures: Partial<Record<FigureName, Record<string, number>[]>>,
  index: number,
  name: string,
  measured: Omit<Sample, 'failed'>,
): void {
  for (const [figure, value] of Object.entries(measured) as [FigureName, number | undefined][]) {
    if (value === undefined || Number.isNaN(value)) continue;
    const rounds = figures[figure] ?? [];
    figures[figure] = rounds;
    while (rounds.length <= index) rounds.push({});
    rounds[index]![name] = value;
  }
}

/** The values of `figure`, round by round. */
export function roundsOf({ figures }: Rounds, figure: FigureName): readonly Round[] {
  return figures[figure] ?? [];
}

/** The spread of `figure` of the arm `name`. */
export function spreadIn(rounds: Rounds, figure: FigureName, name: string): Spread | undefined {
  return spreadOf(roundsOf(rounds, figure).flatMap((round) => round[name] ?? []));
}
