/** @module Loads each server of the table, and holds the reading of it: outcomes, sessions, notes, and the server's own count of requests. */
import { describe, expect, it, vi } from 'vitest';
import { runExperiment } from '../../src/experiment/experiment.ts';
import { parseProfile } from '../../src/experiment/parse-profile.ts';
import type { DriverName } from '../../src/profile/kinds.ts';
import type { ResultDocument } from '../../src/result/document.ts';
import { UserError } from '../../src/units/user-error.ts';
import { REFUSALS } from './refusals.ts';
import type { Row } from './row.ts';
import { ROWS } from './rows.ts';
import { answerOf, json, keeping, listen, rpcError, text } from './server.ts';

vi.mock('../../src/generator/engine/thread.ts', () => import('./thread-here.ts'));

const AGENTS = 4;

/** Some 36 calls. Autocannon has a closed loop only. */
const SHAPES: Readonly<Record<DriverName, string>> = {
  wire: 'rate: 120/s, duration: 300ms',
  undici: 'rate: 120/s, duration: 300ms',
  autocannon: 'concurrency: 2, duration: 300ms',
};

async function load(url: string, driver: DriverName, lines: readonly string[]): Promise<ResultDocument> {
  const isOverride = (line: string): boolean => /^[a-z]+\.[a-z]+:/.test(line);
  const profile = parseProfile(
    [
      'version: 1',
      `load: { ${SHAPES[driver]}, warmup: 0s, agents: ${AGENTS}, connections: 4, timeout: 2s, driver: ${driver}, workers: 1 }`,
      'calls: [{ tool: echo, arguments: { text: "agent {{agent}}" }, weight: 4 }, { list: tools }]',
      ...lines.filter((line) => !isOverride(line)),
    ].join('\n'),
    { target: url, set: lines.filter(isOverride).map((line) => line.replace(': ', '=')) },
  );
  return runExperiment({ profile, seed: 1 }).result();
}

const CASES = ROWS.flatMap((row) =>
  (row.drivers ?? ['wire']).map((driver) => [row.name, driver, row] as const),
);

function hold(row: Row, { variants }: ResultDocument): void {
  const { calls, sessions } = variants[0]!.summary!;
  const kinds = Object.entries(calls.outcomes).flatMap(([outcome, ended]) => (ended > 0 ? [outcome] : []));
  expect(kinds.toSorted()).toEqual((row.outcomes ?? ['ok']).toSorted());
  expect(calls.sent).toBeGreaterThan(10);
  if (row.detail !== undefined) expect(calls.details[0]?.detail).toMatch(row.detail);
  if (row.sessions !== undefined) expect(sessions).toMatchObject(row.sessions);
  // Every session that a call found gone was replaced, except that of an agent whose last call it was.
  const gone = (sessions?.lost ?? 0) - (sessions?.reinitialised ?? 0);
  expect(gone).toBeGreaterThanOrEqual(0);
  expect(gone).toBeLessThanOrEqual(AGENTS);
  const notes = variants[0]!.repetitions.flatMap(({ observations = [] }) =>
    observations.map(({ kind }) => kind),
  );
  expect(notes).toEqual(expect.arrayContaining([...(row.notes ?? [])]));
}

describe('a server with', () => {
  it.each(CASES)('%s (%s)', async (_, driver, row) => {
    await using server = await listen(row.serve());
    const document = await load(server.url, driver, row.profile ?? []);
    hold(row, document);
    const { byCall } = document.variants[0]!.summary!;
    if (row.counts !== false) expect(server.count('tools/call')).toBe(byCall['tools/call echo']!.calls);
  });
});

describe('a server is refused', () => {
  it.each(REFUSALS.map((refusal) => [refusal.name, refusal] as const))(
    '%s',
    async (_, { serve, message, profile = [] }) => {
      await using server = await listen(serve());
      const error = await load(server.url, 'wire', profile).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toMatch(message);
    },
  );
});

describe('sticky sessions on three instances without a GET route', () => {
  /** The session lives on, although its GET stream is answered with 404. An id of another instance is not known. */
  const withoutGet = (name: string) => {
    const known = new Set<string>();
    return keeping(
      ({ message, session }, response) => {
        if (known.has(session)) json(response, 200, answerOf(message));
        else json(response, 404, rpcError(null, -32001, 'Session not found'));
      },
      ({ httpMethod, message }, response) => {
        if (httpMethod === 'GET') text(response, 404, 'Cannot GET /mcp');
        else if (message.method === 'initialize') {
          const id = `${name}${known.size + 1}`;
          known.add(id);
          json(response, 200, answerOf(message), { 'mcp-session-id': id });
        } else return false;
        return true;
      },
    );
  };

  it('keep every session on its instance', async () => {
    await using a = await listen(withoutGet('a'));
    await using b = await listen(withoutGet('b'));
    await using c = await listen(withoutGet('c'));
    const profile = parseProfile(
      [
        'version: 1',
        'load: { rate: 120/s, warmup: 0s, duration: 300ms, agents: 6, connections: 6 }',
        'calls: [{ tool: echo }]',
        `target: { instances: ${JSON.stringify([a.url, b.url, c.url])}, era: sessions }`,
        'balancer: { policy: sticky }',
      ].join('\n'),
    );
    const { variants } = await runExperiment({ profile, seed: 1 }).result();
    const { calls, sessions } = variants[0]!.summary!;
    expect(calls.ok).toBe(calls.due);
    expect(sessions).toMatchObject({ opened: 6, lost: 0, ownerHitRate: 1 });
    const received = [a, b, c].map((server) => server.count('tools/call'));
    expect(received.reduce((sum, count) => sum + count, 0)).toBe(calls.sent);
  });
});
