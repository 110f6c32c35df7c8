/** @module Says which tests did not run because a program is not installed, and how to install it. */
import { installation, PROGRAMS, type ProgramName } from './programs.ts';

/** A test that did not run. */
export interface Skipped {
  /** The file and the outermost group in it. */
  readonly group: string;
  readonly tags: readonly string[];
}

/**
 * The last lines of a run in which the tests `skipped` did not run: by group, those that need a program that
 * `isMissing`; then one line that says what to install. None when nothing was missed.
 */
export function missedLines(
  skipped: readonly Skipped[],
  isMissing: (program: ProgramName) => boolean,
): readonly string[] {
  const missed = PROGRAMS.filter(isMissing)
    .map((program) => ({ program, tests: skipped.filter(({ tags }) => tags.includes(program)) }))
    .filter(({ tests }) => tests.length > 0);
  if (missed.length === 0) return [];
  const groups = missed.flatMap(({ program, tests }) =>
    [...sizes(tests)].map(([group, size]) => `skipped without ${program}: ${group} (${size})`),
  );
  const counts = missed.map(({ program, tests }) => `${program} (${tests.length} tests skipped)`);
  const command = installation(missed.map(({ program }) => program));
  return [...groups, `not installed: ${counts.join(', ')}; to run these tests: ${command}`];
}

function sizes(tests: readonly Skipped[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { group } of tests) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}
