/** @module Bundles the command and its load threads as CommonJS, which starts several times faster than the modules in `dist/`. */
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig, type OutputOptions, type Plugin, type RolldownOptions } from 'rolldown';

const SRC = join(import.meta.dirname, 'src');

/**
 * Modules outside the bundles, which Node itself loads: the one that loads the bundles, so that there is one of it, and those that
 * import packages at run time, which code from the cache cannot.
 */
const APART = ['units/code-cache', 'synthesis/faker'];

/** Bundled because loading them takes long; all other packages are loaded from `node_modules` when they are needed. */
const BUNDLED_PACKAGES =
  /^(commander|yaml|zod|vega(-[a-z]+)*|d3-[a-z-]+|topojson-client|internmap|delaunator|robust-predicates)(\/|$)/;

/** The form of vega's canvas for Node awaits while it loads, which CommonJS cannot; charts are drawn without a canvas. */
const VEGA_CANVAS = resolve(import.meta.dirname, 'node_modules/vega-canvas/build/vega-canvas.browser.js');

/** Gives each module in the bundle in `folder` the URL that it would have if `bundle/` had one file for each, as `dist/` has. */
const placesFrom = (folder: string): Plugin => ({
  name: 'places',
  transform: {
    filter: { id: /\/src\/.*\.ts$/, code: 'import.meta.url' },
    handler(code, id) {
      const place = relative(folder, relative(SRC, id)).replace(/\.ts$/, '.js');
      const url = `new URL(${JSON.stringify(place)}, import.meta.url).href`;
      // No line moves.
      return { code: code.replaceAll('import.meta.url', url), map: null };
    },
  },
});

const apart: Plugin = {
  name: 'apart',
  resolveId: {
    filter: { id: /^\./ },
    handler(id, importer) {
      const name = relative(SRC, resolve(dirname(importer ?? ''), id)).replace(/\.ts$/, '');
      return APART.includes(name) ? { id: `../${name}.js`, external: true } : undefined;
    },
  },
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      const imported = file.type === 'chunk' ? file.dynamicImports.filter((name) => !(name in bundle)) : [];
      if (imported.length > 0)
        this.error(`${file.fileName} imports ${imported} at run time: not possible in a bundle`);
    }
  },
};

/** In ASCII, V8 keeps and reads text in one byte a character. Comments would be read at each start. */
const COMMON_JS: OutputOptions = {
  format: 'cjs',
  charset: 'ascii',
  comments: { legal: true, annotation: false, jsdoc: false },
  sourcemap: true,
  sourcemapExcludeSources: true,
};

const isElsewhere = (id: string): boolean => /^[@\w]/.test(id) && !BUNDLED_PACKAGES.test(id);

/** The form of yaml in ES modules, of which the bundles have only what is used; the package gives it to browsers. */
const YAML = resolve(import.meta.dirname, 'node_modules/yaml/browser/dist/index.js');

/** The modules that a run and a report both import: a report loads nothing else of a run. */
let shared: ReadonlySet<string> = new Set();

const sharing: Plugin = {
  name: 'sharing',
  buildEnd() {
    const importedBy = (entry: string): ReadonlySet<string> => {
      const found = new Set<string>([join(SRC, entry)]);
      for (const id of found)
        for (const imported of this.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
      return found;
    };
    const read = importedBy('cli/report.ts');
    shared = new Set([...importedBy('cli/run.ts')].filter((id) => read.has(id)));
  },
};

/**
 * What a run loads before its first request, in this order. Each is one file of the bundle with all that it imports and that those before it
 * do not: that takes less time than the fifty files in which other commands would share the parts.
 */
const TOGETHER = [
  { name: 'main', test: /\/src\/cli\/main\.ts$/ },
  { name: 'thread', test: /\/src\/generator\/engine\/thread\.ts$/ },
  { name: 'shared', test: (id: string) => shared.has(id) },
  { name: 'run', test: /\/src\/(cli\/run|driver\/wire\/wire)\.ts$/ },
];

/** The bundle of `entry` and everything that it imports, in a folder of its own: `main.js`, and a file for what is loaded later. */
const bundleOf = (folder: string, entry: string): RolldownOptions => ({
  input: { main: `src/${entry}.ts` },
  platform: 'node',
  external: isElsewhere,
  resolve: { alias: { 'vega-canvas': VEGA_CANVAS, yaml: YAML } },
  plugins: [placesFrom(folder), apart, sharing],
  output: {
    ...COMMON_JS,
    dir: `bundle/${folder}`,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: TOGETHER.map((group, order) => ({ ...group, priority: TOGETHER.length - order })),
    },
  },
});

/** Programs that a run starts, at the places that they have in `dist/`: each is one file with all that it imports, and beside it what it loads late. */
const programs = (folder: string, names: readonly string[]): RolldownOptions => ({
  input: Object.fromEntries(names.map((name) => [name, `src/${folder}/${name}.ts`])),
  platform: 'node',
  external: isElsewhere,
  plugins: [placesFrom(folder)],
  output: {
    ...COMMON_JS,
    dir: `bundle/${folder}`,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  },
});

/** The files in this folder are CommonJS, unlike those of the package. */
const commonJs: Plugin = {
  name: 'common-js',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
  },
};

/** What starts the bundles, at the places of what it starts, and what is loaded apart from them. */
const starters: RolldownOptions = {
  input: {
    'cli/main': 'src/bundle/command.ts',
    'generator/engine/worker': 'src/bundle/thread.ts',
    'units/alarm-thread': 'src/units/alarm-thread.ts',
    ...Object.fromEntries(APART.map((name) => [name, `src/${name}.ts`])),
  },
  platform: 'node',
  external: isElsewhere,
  plugins: [commonJs],
  output: { ...COMMON_JS, dir: 'bundle', entryFileNames: '[name].js' },
};

export default defineConfig([
  bundleOf('command', 'cli/main'),
  bundleOf('thread', 'generator/engine/worker'),
  // Not those of the SDK: it shares zod with the modules that define tools.
  programs('server/lean', ['stateless', 'sessions']),
  programs('balancer/proxy', ['main']),
  starters,
]);
