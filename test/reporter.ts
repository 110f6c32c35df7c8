/** @module Ends a run with what was skipped for want of a program, and the plain line `N passed, N failed` that CI reads. */
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { missedLines } from './missed.ts';
import { fileOf } from './programs.ts';

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    const skipped: TestCase[] = [];
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped.push(test);
      }
      // A file that could not even be loaded has no tests, yet it is a failure.
      if (module.state() === 'failed' && failed === before) failed += 1;
    }
    const missed = missedLines(
      skipped.map((test) => ({ group: groupOf(test), tags: test.tags })),
      (program) => fileOf(program) === undefined,
    );
    const aside = skipped.length > 0 ? [`(${skipped.length} skipped)`] : [];
    const lines = [...missed, ...aside, `${passed} passed, ${failed} failed`];
    // After the default reporter's own summary, so that it is the very last line.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}

/** The file of `test` and its outermost group. */
function groupOf(test: TestCase): string {
  let outermost: TestCase | TestSuite = test;
  while (outermost.parent.type === 'suite') outermost = outermost.parent;
  return `${test.module.relativeModuleId}: ${outermost.name}`;
}
