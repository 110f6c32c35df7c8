/** @module Prints the plain closing line `N passed, N failed` that continuous integration reads. */
import type { Reporter, TestModule } from 'vitest/node';

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    let skipped = 0;
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
      // A file that could not even be loaded has no tests, yet it is a failure.
      if (module.state() === 'failed' && failed === before) failed += 1;
    }
    const aside = skipped > 0 ? `(${skipped} skipped)\n` : '';
    // After the default reporter's own summary, so that it is the very last line.
    process.once('exit', () => process.stdout.write(`${aside}${passed} passed, ${failed} failed\n`));
  }
}
