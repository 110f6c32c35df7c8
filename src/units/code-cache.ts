/** @module Loads CommonJS files with V8's code cache: what V8 has compiled is stored beside the code, and read at the next start. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

interface Module {
  exports: unknown;
}

/** A file that has been compiled. */
interface Compiled {
  readonly file: string;
  readonly script: Script;
  /** Of its source and its path, which V8 keeps in the compiled form. */
  readonly checksum: number;
  /** Where its compiled forms were looked for. */
  readonly cache: string;
  /** The one that was there. */
  readonly from: Use | undefined;
}

/** What a process did before it stored compiled forms: a run uses more functions than any other command. */
export type Use = 'run' | 'other';

/** The ends of the names of stored forms, the best one first: no other command replaces the form of a run. */
const ENDS: Readonly<Record<Use, string>> = { run: '', other: '.other' };

type Wrapped = (
  exports: unknown,
  require: (id: string) => unknown,
  module: Module,
  filename: string,
  folder: string,
) => void;

/** What Node puts around a CommonJS file. */
const BEFORE = '(function (exports, require, module, __filename, __dirname) { ';
const AFTER = '\n})';

/** Two checksums precede the compiled form: of its source, of which V8 compares no more than the length, and of the form itself. */
const HEAD_BYTES = 8;

/** Modules of Node that take milliseconds to load, and that many starts do not need. */
const LATE: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:crypto',
  'node:dns/promises',
  'node:http',
  'node:tls',
]);

const modules = new Map<string, Module>();
const compiled: Compiled[] = [];

/**
 * Runs the CommonJS file with the absolute path `file` once, and the files in its folder that it requires; returns its exports. A
 * stored form that is damaged, or of another source, Node, machine or set of V8 flags, is not used.
 */
export function loadWithCache(file: string): unknown {
  const known = modules.get(file);
  if (known !== undefined) return known.exports;
  const module: Module = { exports: {} };
  modules.set(file, module);
  const folder = dirname(file);
  const outside = (id: string): unknown => process.getBuiltinModule(id) ?? createRequire(file)(id);
  const require = (id: string): unknown =>
    id.startsWith('./')
      ? loadWithCache(join(folder, id))
      : LATE.has(id)
        ? loadedLate(() => outside(id) as object)
        : outside(id);
  const wrapped = compile(file).runInThisContext() as Wrapped;
  wrapped.call(module.exports, module.exports, require, module, file, folder);
  return module.exports;
}

/** A module that is loaded when one of its exports is used for the first time. */
function loadedLate(load: () => object): object {
  let loaded: object | undefined;
  return new Proxy(
    {},
    {
      get(_, name) {
        loaded ??= load();
        return Reflect.get(loaded, name);
      },
    },
  );
}

/**
 * Stores the compiled form of the loaded files that had none, or after a `run` none of a run, with the functions that have run so far.
 * Has no effect where it cannot be written. Other processes may do the same at the same time.
 */
export function storeCompiled(use: Use): void {
  for (const { file, script, checksum, cache, from } of compiled) {
    // V8 marks what it writes with the flags that are set now.
    if (from === 'run' || from === use || cache !== cacheOf(file)) continue;
    if (!writeForm(`${cache}${ENDS[use]}`, checksum, script)) return;
  }
}

function compile(file: string): Script {
  const bytes = readFileSync(file);
  const checksum = crc32(file, crc32(bytes));
  const cache = cacheOf(file);
  const stored = storedForm(cache, checksum);
  const script = new Script(`${BEFORE}${bytes.toString()}${AFTER}`, {
    filename: file,
    columnOffset: -BEFORE.length,
    cachedData: stored?.form,
  });
  const from = script.cachedDataRejected === false ? stored?.use : undefined;
  compiled.push({ file, script, checksum, cache, from });
  return script;
}

/** Beside `file`, so that whoever can write the one can write the other; by everything on which a compiled form depends. */
function cacheOf(file: string): string {
  const { version, platform, arch } = process;
  const key = `${version}-${platform}-${arch}-${cachedDataVersionTag().toString(16)}`;
  return join(dirname(file), 'cache', key, basename(file));
}

/** The best of the stored forms of the source with `checksum`; undefined when there is none. */
function storedForm(
  cache: string,
  checksum: number,
): { readonly use: Use; readonly form: Buffer } | undefined {
  for (const use of ['run', 'other'] as const) {
    const form = readForm(`${cache}${ENDS[use]}`, checksum);
    if (form !== undefined) return { use, form };
  }
  return undefined;
}

/** Undefined when there is none of the source with `checksum`, or it is damaged. */
function readForm(path: string, checksum: number): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    const form = bytes.subarray(HEAD_BYTES);
    const isWhole = bytes.readUInt32LE(0) === checksum && bytes.readUInt32LE(4) === crc32(form);
    return isWhole ? form : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it could be written. A reader finds the whole of it or nothing. */
function writeForm(path: string, checksum: number, script: Script): boolean {
  const part = `${path}.${process.pid}-${threadId}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Before the form is made: that takes milliseconds, in vain at each start where the file cannot be written.
    writeFileSync(part, '');
    const form = script.createCachedData();
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(checksum, 0);
    head.writeUInt32LE(crc32(form), 4);
    writeFileSync(part, Buffer.concat([head, form]));
    renameSync(part, path);
    return true;
  } catch {
    discard(part);
    return false;
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where it cannot be removed, it could not be written.
  }
}
