import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { fileOf, PROGRAMS } from './test/programs.ts';

/** Tests that need a process of their own: they change what others in it would see, start servers in it, or measure memory. */
const ALONE = [
  'src/{authority,process,testbed}/**/*.test.ts',
  'src/experiment/{calibration/calibrate,experiment,flows,generator,replayed-trace,secrets,state}.test.ts',
  'src/server/{guarded,servers,shared-sessions,tasks/tasks,lean/http,lean/subscriptions}.test.ts',
  'src/credentials/source/*.test.ts',
  'src/balancer/{,engine/}*.test.ts',
  'src/report/**/page.test.ts',
  'src/generator/agent/{agents,cache-memory}.test.ts',
  'test/cli/{action,preflight}.test.ts',
  'test/servers/*.test.ts',
];
/** Tests that run the built command, and leave their own process as it was. */
const COMMANDS = ['test/cli/*.test.ts'];

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        extends: true,
        // Modules are loaded once for all files: that takes longer than most of these tests.
        test: {
          name: 'units',
          include: ['src/**/*.test.ts', 'test/*.test.ts'],
          exclude: [...ALONE, ...COMMANDS],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'commands',
          include: COMMANDS,
          exclude: ALONE,
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    reporters: ['default', './test/reporter.ts'],
    globalSetup: './test/temporary.ts',
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
