/** @module `npm run bench -- [SECTION ...] [--rounds N] [--seconds N] [--long]`. */
import { copyFileSync } from 'node:fs';

// The compiled sources read the version two folders up, as in src/ and dist/. Here, that is the folder of the build.
copyFileSync('package.json', new URL('../package.json', import.meta.url));
const { bench } = await import('./bench.ts');
process.exitCode = await bench(process.argv.slice(2));
