/** @module Writers of one store that are killed one after the other, and what the others and the store have to show for it. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledModule } from '../units/compiled.ts';
import { type Random, randomAt } from '../units/random.ts';
import { scratch } from '../units/scratch.case.ts';
import { openStore } from './open-store.ts';
import type { StorePlace } from './state-input.ts';
import type { Store } from './store.ts';

/** The key that all writers count up; each has one of its own as well. */
const SHARED = 'all';
const TTL_MS = 3600_000;

/**
 * Counts two values up and prints, after each commit, how far it is: `own 3`, `all`. Killed from outside, or by its own hand where the store
 * asks for the time: LMDB's does so within a transaction.
 */
const WRITER = `
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
const [module, place, own, dieAt] = process.argv.slice(2);
let asked = 0;
globalThis.Date = class extends Date {
  constructor(...time) {
    super(...time);
    asked += 1;
    if (asked === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
  }
};
const { openStore } = await import(module);
const store = await openStore(JSON.parse(place));
for (let n = 1; ; n += 1) {
  // As in a server, where a turn of the event loop ends.
  await setImmediate();
  await store.set(own, String(n), ${TTL_MS});
  writeSync(1, 'own ' + n + '\\n');
  for (;;) {
    const old = await store.get('${SHARED}');
    if (await store.replace('${SHARED}', old, String(Number(old ?? 0) + 1), ${TTL_MS})) break;
  }
  writeSync(1, '${SHARED}\\n');
}
`;

/** One writer, after its end. */
interface Killed {
  readonly own: string;
  /** The signal that ended it; null when it ended by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
  /** The last value of its own that it knows to be committed, and how often it has counted the shared one up. */
  readonly committed: number;
  readonly counted: number;
}

/** What was seen. */
export interface KilledWriters {
  /** Writers that were killed as planned. */
  readonly killed: number;
  /** What writers wrote to stderr, or how they ended, when that was not the kill. */
  readonly failures: readonly string[];
  /** Writers whose own value in the store is older than what they know to be committed. */
  readonly lost: readonly string[];
  /** The shared value, and how often writers know that they have counted it up. */
  readonly shared: number;
  readonly counted: number;
}

/** Runs `writers` processes over the store at `place` until `kills` of them have been killed; each is replaced by another one. */
export async function killWriters(place: StorePlace, kills: number, writers = 3): Promise<KilledWriters> {
  const program = join(scratch(), 'writer.mjs');
  writeFileSync(program, WRITER);
  const random = randomAt(1, 'fault');
  let begun = 0;
  const ended: Killed[] = [];
  const replaceKilled = async (): Promise<void> => {
    while (begun < kills) {
      begun += 1;
      ended.push(await write(program, place, `writer ${begun}`, random));
    }
  };
  await Promise.all(Array.from({ length: writers }, replaceKilled));
  const store = await openStore(place);
  const seen = await judged(ended, store);
  await store.close();
  return seen;
}

/** Starts a writer, kills it, and resolves when it has ended. */
function write(program: string, place: StorePlace, own: string, random: Random): Promise<Killed> {
  // Half of them by their own hand, mostly within a transaction; the others at any moment.
  const dieAt = random.next() < 0.5 ? 10 + random.below(500) : 0;
  const killAfter = 1 + random.below(dieAt === 0 ? 200 : 500);
  const module = compiledModule(import.meta.url, './open-store').href;
  const child = spawn(process.execPath, [program, module, JSON.stringify(place), own, String(dieAt)]);
  let [errors, lines] = ['', ''];
  child.stderr.on('data', (text) => {
    errors += text;
  });
  child.stdout.on('data', (text) => {
    lines += text;
    if (lines.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => {
      const whole = lines.split('\n').slice(0, -1);
      const last = whole.findLast((line) => line !== SHARED) ?? 'own 0';
      const counted = whole.filter((line) => line === SHARED).length;
      resolve({ own, signal, errors, committed: Number(last.slice('own '.length)), counted });
    });
  });
}

async function judged(ended: readonly Killed[], store: Store): Promise<KilledWriters> {
  const numberAt = async (key: string): Promise<number> => Number((await store.get(key)) ?? 0);
  const lost: string[] = [];
  for (const { own, committed } of ended) {
    const kept = await numberAt(own);
    if (kept < committed) lost.push(`${own}: ${kept} of ${committed}`);
  }
  const shared = await numberAt(SHARED);
  return {
    killed: ended.filter(({ signal }) => signal === 'SIGKILL').length,
    failures: ended.flatMap(({ own, signal, errors }) =>
      signal === 'SIGKILL' && errors === '' ? [] : [`${own}: ${signal ?? 'ended'} ${errors}`],
    ),
    lost,
    shared,
    counted: ended.reduce((sum, { counted }) => sum + counted, 0),
  };
}
