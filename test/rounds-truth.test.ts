/** @module A fleet whose instances do not share the key for `requestState` is found, and its healthy twin is left alone. */
import { describe, expect, it } from 'vitest';
import type { Driver, Reply } from '../src/driver/driver.ts';
import { createAgents } from '../src/generator/agent/agents.ts';
import type { CallEnd } from '../src/generator/agent/caller.ts';
import type { AnswerSettings } from '../src/profile/settings.ts';
import { INPUT_KINDS } from '../src/protocol/rounds/input-answer.ts';
import { rounds } from '../src/recording/measure/rounds.ts';
import { Tallies } from '../src/recording/measure/tallies.ts';
import { deploy } from '../src/server/rounds/deploy.ts';
import { handOff } from '../src/server/rounds/hand-off.ts';
import { stateCodec } from '../src/server/rounds/request-state.ts';
import type { ToolAnswer } from '../src/server/tool-answer.ts';
import type { Tool } from '../src/server/tools.ts';
import { systemClock } from '../src/units/clock.ts';
import { randomAt } from '../src/units/random.ts';

const INSTANCES = 4;
const CALLS = 60;
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const SETTINGS: AnswerSettings = { kinds: INPUT_KINDS, rounds: 10, thinkUs: 0, roots: [], text: 'Yes.' };

/** The tools that answer in two rounds, one by asking and one by handing the call on. */
const TOOLS = [
  { name: 'deploy', of: deploy, arguments: { env: '{{seq}}' }, handOffs: 0 },
  { name: 'hand_off', of: handOff, arguments: { text: '{{seq}}', times: 2 }, handOffs: 2 * CALLS },
] as const;

/** The instances of a fleet, with keys of their own or a shared one. */
function fleet(tool: (typeof TOOLS)[number], keys: 'shared' | 'own', seed: number): readonly Tool[] {
  return Array.from({ length: INSTANCES }, (_, index) => {
    const secret = `secret ${seed} ${keys === 'own' ? index : 'of all'}`;
    const settings = { rounds: 2, ttlMs: 60_000, once: false, stateBytes: 0 };
    return tool.of({ settings, codec: stateCodec({ secret, ttlMs: 60_000, clock: systemClock }) });
  });
}

/** What a driver says of `answer`, by instance `servedBy`. */
function replyOf(answer: ToolAnswer, servedBy: number): Reply {
  const said = answer as Exclude<ToolAnswer, string>;
  const refused = said.kind === 'refused';
  const asked = said.kind === 'result' && said.members['resultType'] === 'input_required';
  const message = refused
    ? { error: { code: said.code, message: said.message, data: said.data } }
    : { result: said.members };
  return {
    outcome: refused ? 'rpc-error' : asked ? 'input-required' : 'ok',
    ...(refused && { code: said.code }),
    ...{ detail: undefined, status: 200, sentUs: 0, firstByteUs: 1, doneUs: 1, servedBy: String(servedBy) },
    ...{ sessionId: undefined, serverTiming: undefined },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
  };
}

/** Sends each request to an instance that is drawn. */
function drawing(instances: readonly Tool[], seed: number): Driver {
  const draw = randomAt(seed, 'balancer');
  return {
    send(request, onReply) {
      const { params } = JSON.parse(request.body) as { params: { arguments: Record<string, unknown> } };
      const index = draw.below(instances.length);
      const called = Promise.resolve(
        instances[index]!.call(params.arguments, { params, identity: undefined }),
      );
      void called.then((answer) => onReply(replyOf(answer, index)));
    },
    open: () => ({ close: () => undefined }),
    warm: async () => undefined,
    mostConnections: () => 1,
    close: async () => undefined,
  };
}

async function run(tool: (typeof TOOLS)[number], keys: 'shared' | 'own', seed: number) {
  const tallies = new Tallies({ era: 'stateless', answers: SETTINGS }, [rounds]);
  const agents = createAgents({
    era: 'stateless',
    calls: [{ name: tool.name, method: 'tools/call', tool: tool.name, arguments: tool.arguments, weight: 1 }],
    seed,
    driver: drawing(fleet(tool, keys, seed), seed),
    headers: {},
    now: () => 0,
    measureFromUs: 0,
    timeoutUs: 1e6,
    answers: SETTINGS,
    capabilities: { elicitation: { form: {} } },
    tallies,
  });
  const ends: CallEnd[] = [];
  for (let seq = 0; seq < CALLS; seq += 1)
    await new Promise<void>((resolve) => {
      agents.of(0).call({ seq, dueUs: 0, agent: 0, call: 0 }, (end) => {
        ends.push({ ...end });
        resolve();
      });
    });
  return { ends, counts: tallies.of(rounds)!.counts() };
}

describe.each(SEEDS)('a fleet of seed %i', (seed) => {
  describe.each(TOOLS)('and its tool $name', (tool) => {
    it('that shares its key loses no call, wherever retries land', async () => {
      const { ends, counts } = await run(tool, 'shared', seed);
      expect(ends.every(({ outcome }) => outcome === 'ok')).toBe(true);
      expect(counts).toMatchObject({ asked: CALLS, rounds: 2 * CALLS, retries: 2 * CALLS, refused: 0 });
      expect(counts.handOffs).toBe(tool.handOffs);
      expect(counts.elsewhere).toBeGreaterThan(CALLS);
      expect(counts.elsewhereFailed + counts.sameFailed).toBe(0);
    });

    it('whose instances have keys of their own refuses every retry that lands elsewhere, and no other', async () => {
      const { ends, counts } = await run(tool, 'own', seed);
      const failed = ends.filter(({ outcome }) => outcome === 'rpc-error').length;
      expect(failed).toBeGreaterThan(0);
      expect(counts).toMatchObject({ asked: CALLS, sameFailed: 0, sameRefused: 0, refused: failed });
      expect(counts).toMatchObject({ elsewhere: failed, elsewhereFailed: failed, elsewhereRefused: failed });
    });
  });
});
