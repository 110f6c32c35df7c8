import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { compiledModule } from '../../units/compiled.ts';

/** Prints the tags under which stored code is looked up: before, while code is compiled early, and after. */
const SCRIPT = `
  import { cachedDataVersionTag } from 'node:v8';
  const { compileEarly } = await import(process.argv[1]);
  const tags = [cachedDataVersionTag()];
  const compileAsUsual = compileEarly();
  tags.push(cachedDataVersionTag());
  compileAsUsual();
  tags.push(cachedDataVersionTag());
  console.log(JSON.stringify(tags));
`;

it('leaves V8 with the flags that it had, under which stored code is looked up', () => {
  // In a process of its own: threads of other tests share the flags of this one.
  const module = compiledModule(import.meta.url, './v8-flags').href;
  const args = ['--input-type=module', '--eval', SCRIPT, module];
  const [before, early, after] = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  expect(after).toBe(before);
  if (process.versions.v8.startsWith('11.3.')) expect(early).not.toBe(before);
});
