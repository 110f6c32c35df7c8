/** @module What a change behind a signed handle takes, and what its cryptography takes by itself. */
import { createHmac, randomBytes, webcrypto } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { StateSettings } from '../src/profile/settings.ts';
import { openHandles } from '../src/state/open-handles.ts';
import { systemClock } from '../src/units/clock.ts';
import type { Micros } from '../src/units/time.ts';
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import { formatSpread, orderOf, type Round, type Spread, spreadOf } from './ratio.ts';

type Protect = StateSettings['protect'];
type Operation = () => Promise<void>;

/** The most that a handle may take beyond its cryptography. */
const MOST_US = 20;
const ROUNDS = 600;
const WARM_UP = 1000;
const CALLS = 25;
/** A basket of ten items. */
const VALUE = Array.from({ length: 10 }, (_, at) => `item-${at}`).join('\n');
const NAMES = { hmac: 'HMAC-SHA256', jwe: 'JWE, A256GCM' } as const;
const OWNER = 'client/user';

const arms = async (protect: Protect) =>
  [
    { name: `${protect}, handle`, operation: await handleOperation(protect) },
    {
      name: `${protect}, cryptography`,
      operation: protect === 'hmac' ? hmacOperation() : await jweOperation(),
    },
  ] as const;

/** Measures both seals. */
export async function sealCosts({ say }: Context) {
  const all = [...(await arms('hmac')), ...(await arms('jwe'))];
  for (const { operation } of all) await timeOf(operation, WARM_UP);
  const rounds: Round[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const round: Record<string, Micros> = {};
    for (const { name, operation } of orderOf(all, index)) round[name] = await timeOf(operation, CALLS);
    rounds.push(round);
  }
  say(`cost of seals: ${ROUNDS} rounds of ${CALLS} changes`);
  const costs = (['hmac', 'jwe'] as const).map((protect) => costsIn(rounds, protect));
  return {
    table: {
      caption: `A change behind a signed handle, us: median (min .. max) of ${ROUNDS} rounds of ${CALLS} changes`,
      head: ['protected by', 'with the handle', 'cryptography alone', 'difference'],
      rows: costs.map(({ protect, handle, alone, difference }) => [
        NAMES[protect],
        ...[handle, alone, difference].map((one) => formatSpread(one, 1)),
      ]),
    },
    goals: costs.map(({ protect, difference }) =>
      goalOf(
        {
          what: `${NAMES[protect]}: a change behind a handle beyond its cryptography`,
          direction: 'at most',
          bound: MOST_US,
          unit: 'us',
        },
        Math.abs(difference?.median ?? Number.NaN),
      ),
    ),
    data: rounds,
  };
}

interface Costs {
  readonly protect: Protect;
  readonly handle: Spread | undefined;
  readonly alone: Spread | undefined;
  /** Round by round. */
  readonly difference: Spread | undefined;
}

function costsIn(rounds: readonly Round[], protect: Protect): Costs {
  const of = (what: string): readonly Micros[] => rounds.map((round) => round[`${protect}, ${what}`]!);
  const [handle, alone] = [of('handle'), of('cryptography')];
  return {
    protect,
    handle: spreadOf(handle),
    alone: spreadOf(alone),
    difference: spreadOf(handle.map((us, at) => us - alone[at]!)),
  };
}

/** The mean of `calls` operations, one after the other. */
async function timeOf(operation: Operation, calls: number): Promise<Micros> {
  const before = systemClock.now();
  for (let call = 0; call < calls; call += 1) await operation();
  return (systemClock.now() - before) / calls;
}

/** Changes what is behind a handle, which stays as long as it is. */
async function handleOperation(protect: Protect): Promise<Operation> {
  const settings: StateSettings = {
    kind: 'signed',
    store: 'lmdb',
    sessions: 'memory',
    ttlMs: 600_000,
    protect,
    keys: 'shared',
    revocation: 'expiry',
  };
  const secret = randomBytes(32).toString('base64url');
  const handles = await openHandles({ settings, store: { kind: 'memory' }, secret }, '1');
  let handle = await handles.create(VALUE, OWNER);
  return async () => {
    const changed = await handles.change(handle, OWNER, (value) => value);
    if (changed === undefined) throw new Error('a handle was refused that had just been made');
    handle = changed.handle;
  };
}

/** What is sealed: the end of the handle comes before the value. */
const TEXT = `.${(0).toString(36).padStart(8, '0')}.${VALUE}`;

/** Of the text as it is written and of the one that is read. */
function hmacOperation(): Operation {
  const key = randomBytes(32);
  const body = `0.${Buffer.from(TEXT).toString('base64url')}\0${OWNER}`;
  return async () => {
    for (let n = 0; n < 2; n += 1) createHmac('sha256', key).update(body).digest();
  };
}

async function jweOperation(): Promise<Operation> {
  const key = await webcrypto.subtle.importKey('raw', randomBytes(32), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  const header = { alg: 'dir', enc: 'A256GCM', kid: '0' };
  const text = Buffer.from(`${OWNER.length}:${OWNER}${TEXT}`);
  const encrypt = () => new CompactEncrypt(text).setProtectedHeader(header).encrypt(key);
  let sealed = encrypt();
  return async () => {
    await compactDecrypt(await sealed, key);
    sealed = encrypt();
    await sealed;
  };
}
