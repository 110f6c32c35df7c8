/** @module What a server answers to calls of a tool that asks back; one suite, both stateless servers. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import type { RoundSettings } from '../../profile/settings.ts';
import type { StateInput } from '../../state/state-input.ts';
import { read, TOOLS, useInstance, useProcess } from '../ask.case.ts';
import type { OwnServer } from '../programs.ts';

const SETTINGS: RoundSettings = { rounds: 1, ttlMs: 60_000, once: false, stateBytes: 0 };

const stateOf = (secret: string): StateInput => ({
  settings: {
    kind: 'signed',
    store: 'lmdb',
    ttlMs: 60_000,
    protect: 'hmac',
    keys: 'shared',
    sessions: 'memory',
    revocation: 'expiry',
  },
  store: { kind: 'memory' },
  secret,
});

const FORMS = { elicitation: { form: {} } };

type Params = Readonly<Record<string, unknown>>;

async function call(url: string, params: Params, capabilities: object = FORMS, tool = 'deploy') {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': tool,
  };
  const args = tool === 'deploy' ? { env: 'prod' } : { text: 'hello', times: 2 };
  const all = { name: tool, arguments: args, ...params, _meta };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: all });
  return read(await fetch(url, { method: 'POST', headers, body }));
}

const confirmed = (round: number, ok = true) => ({
  [`confirm_${round}`]: { action: 'accept', content: { ok } },
});

/** The suite. */
export function roundCases(own: OwnServer): void {
  const use = (settings: Partial<RoundSettings>, secret: string, start = useInstance) =>
    start(own, TOOLS, undefined, undefined, stateOf(secret), {
      rounds: { ...SETTINGS, ...settings },
    });

  describe('a tool that asks back', () => {
    const one = use({}, 'a'.repeat(43));
    // Shares nothing with the first one but the key.
    const other = use({ rounds: 3, stateBytes: 500 }, 'a'.repeat(43), useProcess);
    const foreign = use({}, 'b'.repeat(43));
    const once = use({ once: true }, 'a'.repeat(43));
    const asked = async (url: string, params: Params = {}) =>
      (await call(url, params)).message.result as {
        resultType: string;
        requestState: string;
        inputRequests: Record<string, { method: string }>;
      };

    it('answers when the user has confirmed', async () => {
      const { resultType, requestState, inputRequests } = await asked(one.url);
      expect(resultType).toBe('input_required');
      expect(inputRequests['confirm_1']).toMatchObject({ method: 'elicitation/create' });
      const { message } = await call(one.url, { requestState, inputResponses: confirmed(1) });
      expect(message.result).toMatchObject({
        resultType: 'complete',
        structuredContent: { env: 'prod', deployed: true },
      });
    });

    it('does not do what the user declines', async () => {
      const { requestState } = await asked(one.url);
      for (const inputResponses of [confirmed(1, false), { confirm_1: { action: 'decline' } }]) {
        const { message } = await call(one.url, { requestState, inputResponses });
        expect(message.result.structuredContent).toEqual({ env: 'prod', deployed: false });
      }
    });

    it('asks again when there is no answer', async () => {
      const { requestState } = await asked(one.url);
      expect((await asked(one.url, { requestState })).resultType).toBe('input_required');
      const wrong = { requestState, inputResponses: { other: { action: 'accept' } } };
      expect((await asked(one.url, wrong)).resultType).toBe('input_required');
    });

    it('asks as often as it is set to, on any instance that has the key', async () => {
      let { requestState } = await asked(one.url);
      expect(requestState.length).toBeLessThan(200);
      for (const round of [1, 2]) {
        const next = await asked(other.url, { requestState, inputResponses: confirmed(round) });
        expect(Object.keys(next.inputRequests)).toEqual([`confirm_${round + 1}`]);
        expect(next.requestState.length).toBeGreaterThan(500);
        ({ requestState } = next);
      }
      const { message } = await call(other.url, { requestState, inputResponses: confirmed(3) });
      expect(message.result.structuredContent).toEqual({ env: 'prod', deployed: true });
    });

    it('refuses what another key has signed', async () => {
      const { requestState } = await asked(foreign.url);
      const { status, message } = await call(one.url, { requestState, inputResponses: confirmed(1) });
      expect(status).toBe(200);
      expect(message.error).toMatchObject({ code: -32602, data: { reason: 'invalid_request_state' } });
    });

    it('refuses a state that was made for other arguments', async () => {
      const { requestState } = await asked(one.url);
      const moved = { requestState, inputResponses: confirmed(1), arguments: { env: 'test' } };
      const { message } = await call(one.url, moved);
      expect(message.error).toMatchObject({ code: -32602, data: { reason: 'invalid_request_state' } });
    });

    it('takes a state twice, unless it is good once', async () => {
      const twice = async (url: string) => {
        const { requestState } = await asked(url);
        const answer = { requestState, inputResponses: confirmed(1) };
        return [await call(url, answer), await call(url, answer)].map(({ message }) => message.error?.code);
      };
      expect(await twice(one.url)).toEqual([undefined, undefined]);
      expect(await twice(once.url)).toEqual([undefined, -32602]);
    });

    it.each([{}, { elicitation: { url: {} } }, { sampling: {} }])(
      'asks nobody who cannot answer: %j',
      async (capabilities) => {
        const { status, message } = await call(one.url, {}, capabilities);
        expect(status).toBe(400);
        expect(message.error).toMatchObject({
          code: -32021,
          data: { requiredCapabilities: { elicitation: { form: {} } } },
        });
        expect((await call(one.url, {}, { elicitation: {} })).message.result.resultType).toBe(
          'input_required',
        );
      },
    );

    const handedOff = (url: string, params: Params = {}) => call(url, params, {}, 'hand_off');

    it('hands a call on as often as it is told, to any instance that has the key', async () => {
      const first = (await handedOff(one.url)).message.result;
      expect(first).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
      const { requestState } = first;
      const second = (await handedOff(other.url, { requestState })).message.result;
      for (const handed of [first, second]) expect(handed).not.toHaveProperty('inputRequests');
      expect(second).not.toHaveProperty('content');
      const { message } = await handedOff(one.url, { requestState: second.requestState });
      expect(message.result).toMatchObject({
        resultType: 'complete',
        structuredContent: { text: 'hello', times: 2 },
      });
    });

    it('refuses a hand-off of another tool, of another key, and one that was used up', async () => {
      const refused = { code: -32602, data: { reason: 'invalid_request_state' } };
      const { requestState } = await asked(one.url);
      expect((await handedOff(one.url, { requestState })).message.error).toMatchObject(refused);
      const { requestState: theirs } = (await handedOff(foreign.url)).message.result;
      expect((await handedOff(one.url, { requestState: theirs })).message.error).toMatchObject(refused);
      const { requestState: used } = (await handedOff(once.url)).message.result;
      expect((await handedOff(once.url, { requestState: used })).message.error).toBeUndefined();
      expect((await handedOff(once.url, { requestState: used })).message.error).toMatchObject(refused);
    });

    it('is answered by the official client', async () => {
      const client = new Client({ name: 'test', version: '1' }, {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode: { pin: '2026-07-28' } },
      } as never);
      client.setRequestHandler('elicitation/create', async () => ({
        action: 'accept',
        content: { ok: true },
      }));
      await client.connect(new StreamableHTTPClientTransport(new URL(other.url)));
      const result = await client.callTool({ name: 'deploy', arguments: { env: 'prod' } });
      expect(result.structuredContent).toEqual({ env: 'prod', deployed: true });
      const handedOn = await client.callTool({ name: 'hand_off', arguments: { text: 'hello' } });
      expect(handedOn.structuredContent).toEqual({ text: 'hello', times: 1 });
      await client.close();
    });
  });
}
