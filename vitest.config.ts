import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { fileOf, PROGRAMS } from './test/programs.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two real cores: more forks than that only make the servers under test wait for each other.
    maxWorkers: 2,
    // Writes the golden files anew, like --update.
    update: process.env['UPDATE_GOLDEN'] === '1',
    tags: PROGRAMS.map((name) => ({
      name,
      description: `Needs ${name}; skipped where it is not installed.`,
      skip: fileOf(name) === undefined,
    })),
  },
});

export default config;
