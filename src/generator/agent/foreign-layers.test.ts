/** @module What agents do for servers that are not built into Paceline, layer by layer, on a virtual clock. */
import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { Era } from '../../profile/kinds.ts';
import type { CallSettings, CookieSetting } from '../../profile/settings.ts';
import type { Request } from '../../protocol/request.ts';
import type { ListedTool } from '../../protocol/tool-list.ts';
import { mismatches } from '../../recording/measure/mismatches.ts';
import { pages } from '../../recording/measure/pages.ts';
import { sessions } from '../../recording/measure/sessions.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import type { Micros } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { createAgents } from './agents.ts';
import type { CallEnd } from './caller.ts';

const CALLS: readonly CallSettings[] = [
  {
    name: 'tools/call issue',
    method: 'tools/call',
    tool: 'issue',
    arguments: { owner: 'otter{{agent}}', deep: { n: '{{seq}}' } },
    weight: 1,
  },
  { name: 'tools/list', method: 'tools/list', weight: 1, pages: 'all' },
  { name: 'tools/list', method: 'tools/list', weight: 1, pages: 'first' },
];

const ISSUE = 0;
const LIST = 1;
const FIRST_PAGE = 2;

const SECOND: Micros = 1e6;
const TIMEOUT: Micros = 5 * SECOND;

const header = ({ head }: Request, name: string): string | undefined => {
  const at = head.headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : head.headers[at + 1];
};

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { readonly cursor?: string };
}

const messageOf = ({ body }: Request): Message => (body === '' ? {} : (JSON.parse(body) as Message));

const INITIALIZED = {
  result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } },
};

/** A server that mints session `s1`, and treats everything but handshakes by `treat`. */
function server(treat: (request: Request) => Treatment): (request: Request) => Treatment {
  return (request) =>
    messageOf(request).method === 'initialize'
      ? { takesUs: 1000, sessionId: 's1', body: JSON.stringify(INITIALIZED) }
      : treat(request);
}

interface Setup {
  readonly era: Era;
  readonly treat: (request: Request) => Treatment;
  readonly tools?: readonly ListedTool[];
  readonly cookies?: CookieSetting;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Bench {
  readonly clock: VirtualClock;
  readonly driver: SimulatedDriver;
  readonly tallies: Tallies;
  /** Makes a call and lets the time pass until it has ended. */
  call(call: number, agent?: number): Promise<CallEnd>;
  close(): Promise<void>;
}

function bench({ era, treat, tools = [], cookies = 'keep', headers = {} }: Setup): Bench {
  const clock = new VirtualClock();
  const driver = simulatedDriver(clock, server(treat));
  const foreign = { tools };
  const tallies = new Tallies({ era, foreign });
  const agents = createAgents({
    era,
    calls: CALLS,
    seed: 1,
    driver,
    headers,
    cookies,
    foreign,
    tallies,
    timeoutUs: TIMEOUT,
    now: () => clock.now(),
    after: (delay, wake) => clock.at(clock.now() + delay, wake),
    measureFromUs: 0,
  });
  let seq = 0;
  return {
    clock,
    driver,
    tallies,
    async call(call, agent = 0) {
      const arrival = { seq: seq++, dueUs: clock.now(), agent, call };
      const end = new Promise<CallEnd>((resolve) => agents.of(agent).call(arrival, resolve));
      await clock.run();
      return end;
    },
    async close() {
      await Promise.all([agents.close(), clock.run()]);
    },
  };
}

const OK: Treatment = { takesUs: 1000 };
const requests = ({ driver }: Bench): readonly Request[] => driver.sent.map(({ request }) => request);

describe('a request of the server', () => {
  const ping = '{"jsonrpc":"2.0","id":"ping-1","method":"ping"}';
  const roots = '{"jsonrpc":"2.0","id":5,"method":"roots/list"}';
  const progress = '{"jsonrpc":"2.0","method":"notifications/progress"}';
  const answers = [
    { jsonrpc: '2.0', id: 'ping-1', result: {} },
    { jsonrpc: '2.0', id: 5, error: { code: -32601, message: 'Method not found' } },
  ];
  const answersIn = (one: Bench): readonly Request[] =>
    requests(one).filter(
      (request) => request.head.method === 'POST' && messageOf(request).method === undefined,
    );

  it('in the middle of a call is answered in the session of the call', async () => {
    const treat = (request: Request): Treatment =>
      messageOf(request).method === 'tools/call' ? { ...OK, messages: [ping, progress, roots] } : OK;
    const one = bench({ era: 'sessions', treat });
    expect((await one.call(ISSUE)).outcome).toBe('ok');
    const sent = answersIn(one);
    expect(sent.map(messageOf)).toEqual(answers);
    expect(sent.map((request) => header(request, 'mcp-session-id'))).toEqual(['s1', 's1']);
    expect(sent.map((request) => header(request, 'mcp-protocol-version'))).toEqual([
      '2025-11-25',
      '2025-11-25',
    ]);
    expect(one.tallies.of(sessions)!.counts()).toMatchObject({ serverRequests: 2, lost: 0 });
  });

  it('is answered with the headers and the cookies of the agent', async () => {
    const treat = (request: Request): Treatment =>
      messageOf(request).method === 'tools/call' ? { ...OK, messages: [ping], setCookies: ['LB=1'] } : OK;
    const one = bench({ era: 'sessions', treat, headers: { Authorization: 'Bearer a{{agent}}' } });
    await one.call(ISSUE, 7);
    await one.call(ISSUE, 7);
    const sent = answersIn(one);
    expect(sent.map((request) => header(request, 'authorization'))).toEqual(['Bearer a7', 'Bearer a7']);
    expect(sent.map((request) => header(request, 'cookie'))).toEqual([undefined, 'LB=1']);
  });

  it('on the GET stream is answered as well', async () => {
    const one = bench({ era: 'sessions', treat: () => OK });
    await one.call(ISSUE);
    const { listener } = one.driver.streams[0]!;
    for (const text of [ping, roots, progress, 'no message']) listener.onMessage!(text);
    await one.clock.run();
    expect(answersIn(one).map(messageOf)).toEqual(answers);
    expect(answersIn(one).map((request) => header(request, 'mcp-session-id'))).toEqual(['s1', 's1']);
  });
});

describe('an event stream that is closed before the answer', () => {
  const closed = (more: Partial<Treatment> = {}): Treatment => ({
    takesUs: 1000,
    outcome: 'malformed',
    detail: '200 OK: the event stream ended without an answer',
    resume: { lastEventId: 'e1', retryMs: 20 },
    ...more,
  });
  /** Answers the call by `first`, and GETs by `later`, one after the other. */
  const polling = (first: Treatment, later: readonly Treatment[]): Bench => {
    const queue = later.values();
    const treat = (request: Request): Treatment => {
      if (header(request, 'last-event-id') !== undefined) return queue.next().value ?? OK;
      return messageOf(request).method === 'tools/call' ? first : OK;
    };
    return bench({ era: 'sessions', treat });
  };
  const gets = (one: Bench): readonly Request[] => requests(one).filter(({ head }) => head.method === 'GET');

  it('is continued by GET after the delay, as one call', async () => {
    const one = polling(closed(), [closed({ resume: { lastEventId: 'e2' } }), OK]);
    const end = await one.call(ISSUE);
    // The handshake is over at 2 ms, and the call is answered by its second GET: 1 ms each, 20 ms and the default of 1 s between.
    expect(end).toMatchObject({
      outcome: 'ok',
      sentUs: 2000,
      doneUs: 2000 + 1000 + 20_000 + 1000 + SECOND + 1000,
    });
    expect(gets(one).map((request) => header(request, 'last-event-id'))).toEqual(['e1', 'e2']);
    expect(gets(one).map((request) => header(request, 'mcp-session-id'))).toEqual(['s1', 's1']);
    expect(gets(one).map(({ expected }) => expected)).toEqual(Array(2).fill({ kind: 'result', id: 0 }));
    expect(one.tallies.of(sessions)!.counts()).toMatchObject({ streamsResumed: 2, lost: 0 });
  });

  it('ends the call with a refusal of the GET, which says nothing of the session', async () => {
    const refused: Treatment = {
      takesUs: 1000,
      outcome: 'session-lost',
      status: 404,
      detail: '404 Not Found',
    };
    const one = polling(closed(), [refused]);
    expect(await one.call(ISSUE)).toMatchObject({
      outcome: 'malformed',
      detail: '200 OK: the event stream ended without an answer; GET to continue it: 404 Not Found',
    });
    expect(one.tallies.of(sessions)!.counts()).toMatchObject({ opened: 1, lost: 0 });
  });

  it('is not continued beyond the time-out of the call', async () => {
    const one = polling(closed(), Array(1000).fill(closed()));
    const end = await one.call(ISSUE);
    expect(end.outcome).toBe('timeout');
    expect(end.doneUs - end.sentUs).toBe(TIMEOUT);
  });

  it.each(['é', 'a\r\nX: y', ''])(
    'is not continued after an id that no field can carry: %j',
    async (lastEventId) => {
      const one = polling(closed({ resume: { lastEventId } }), []);
      expect((await one.call(ISSUE)).outcome).toBe('malformed');
      expect(gets(one)).toEqual([]);
    },
  );
});

describe('the GET stream of a session', () => {
  it('is opened again after a second when the server ends it, and at its event if it had one', async () => {
    const one = bench({ era: 'sessions', treat: () => OK });
    await one.call(ISSUE);
    const at = (): Micros => one.clock.now();
    one.driver.streams[0]!.listener.onEnd(undefined);
    const before = at();
    await one.clock.run();
    expect(at() - before).toBe(SECOND);
    one.driver.streams[1]!.listener.onEnd(undefined, { lastEventId: 'e9', retryMs: 50 });
    await one.clock.run();
    expect(at() - before).toBe(SECOND + 50_000);
    expect(one.driver.streams.map(({ request }) => header(request, 'last-event-id'))).toEqual([
      undefined,
      undefined,
      'e9',
    ]);
    expect(one.tallies.of(sessions)!.counts()).toMatchObject({ streamsOpened: 1, streamsReopened: 2 });
    await one.close();
    expect(one.driver.streams[2]!.closed).toBe(true);
  });

  it('is not opened again after the session, or when the server has refused it', async () => {
    const refusing = bench({
      era: 'sessions',
      treat: ({ head }) => (head.method === 'GET' ? { ...OK, status: 405 } : OK),
    });
    await refusing.call(ISSUE);
    refusing.driver.streams[0]!.listener.onEnd(undefined);
    await refusing.clock.run();
    expect(refusing.driver.streams).toHaveLength(1);
    const closed = bench({ era: 'sessions', treat: () => OK });
    await closed.call(ISSUE);
    closed.driver.streams[0]!.listener.onEnd(undefined);
    await closed.close();
    expect(closed.driver.streams).toHaveLength(1);
  });
});

describe.each(['stateless', 'sessions'] as const)('cookies (%s)', (era) => {
  /** A balancer that sets a cookie on the first answer to a call, and knows callers by it. */
  const treat = (request: Request): Treatment =>
    header(request, 'cookie') === undefined ? { ...OK, setCookies: ['LB=1; Path=/', 'x=2'] } : OK;
  const cookiesOf = async (one: Bench): Promise<readonly (string | undefined)[]> => {
    await one.call(ISSUE);
    await one.call(ISSUE);
    await one.call(ISSUE, 1);
    const calls = requests(one).filter((request) => messageOf(request).method === 'tools/call');
    return calls.map((request) => header(request, 'cookie'));
  };

  it('are sent back, by each agent its own', async () => {
    const first = era === 'sessions' ? 'LB=1; x=2' : undefined;
    expect(await cookiesOf(bench({ era, treat }))).toEqual([first, 'LB=1; x=2', first]);
  });

  it('are dropped when the profile says so', async () => {
    expect(await cookiesOf(bench({ era, treat, cookies: 'drop' }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are those of the user when there are some', async () => {
    const setting: Setup = {
      era,
      headers: { Cookie: 'mine=1' },
      treat: () => ({ ...OK, setCookies: ['LB=1'] }),
    };
    expect(await cookiesOf(bench(setting))).toEqual(['mine=1', 'mine=1', 'mine=1']);
  });
});

describe.each(['stateless', 'sessions'] as const)('a list of several pages (%s)', (era) => {
  const result = (nextCursor?: string): string => JSON.stringify({ result: { tools: [], nextCursor } });
  /** Four pages, each after 1 ms; `broken` is the cursor of a page that fails. */
  const paginated =
    (broken?: string) =>
    (request: Request): Treatment => {
      const { params } = messageOf(request);
      const page = Number(params?.cursor ?? 0);
      if (params?.cursor !== undefined && params.cursor === broken) {
        return { takesUs: 1000, outcome: 'rpc-error', detail: '-32602 cursor' };
      }
      return { takesUs: 1000, body: result(page < 3 ? String(page + 1) : undefined) };
    };
  const cursors = (one: Bench): readonly (string | undefined)[] =>
    requests(one)
      .filter((request) => messageOf(request).method === 'tools/list')
      .map((request) => messageOf(request).params?.cursor);

  it('is one call', async () => {
    const one = bench({ era, treat: paginated() });
    const end = await one.call(LIST);
    expect(end.outcome).toBe('ok');
    expect(end.doneUs - end.sentUs).toBe(4000);
    expect(cursors(one)).toEqual([undefined, '1', '2', '3']);
    const ids = requests(one)
      .map((request) => messageOf(request).id)
      .filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    expect(one.tallies.of(pages)!.counts()).toEqual({ lists: 1, pages: 4 });
  });

  it('ends with the first page that fails', async () => {
    const one = bench({ era, treat: paginated('2') });
    const end = await one.call(LIST);
    expect(end).toMatchObject({ outcome: 'rpc-error', detail: '-32602 cursor' });
    expect(end.doneUs - end.sentUs).toBe(3000);
    expect(one.tallies.of(pages)!.counts()).toEqual({ lists: 0, pages: 0 });
  });

  it('is read as far as the profile says', async () => {
    const one = bench({ era, treat: paginated() });
    expect((await one.call(FIRST_PAGE)).outcome).toBe('ok');
    expect(cursors(one)).toEqual([undefined]);
  });

  it('that never ends is given up', async () => {
    const one = bench({ era, treat: () => ({ takesUs: 1, body: result('more') }) });
    expect((await one.call(LIST)).outcome).toBe('malformed');
    expect(cursors(one)).toHaveLength(1000);
  });
});

describe('parameters that a tool mirrors in header fields', () => {
  const mirrored = [
    { path: ['owner'], header: 'Mcp-Param-Owner' },
    { path: ['deep', 'n'], header: 'Mcp-Param-N' },
    { path: ['absent'], header: 'Mcp-Param-Absent' },
  ];
  const fieldsOf = async (tools: readonly ListedTool[]): Promise<unknown> => {
    const one = bench({ era: 'stateless', treat: () => OK, tools });
    await one.call(ISSUE, 7);
    await one.call(LIST, 7);
    await one.call(ISSUE, 3);
    return requests(one).map((request) =>
      ['owner', 'n', 'absent'].map((name) => header(request, `mcp-param-${name}`)),
    );
  };

  it('are sent with each call of the tool, as its arguments have them', async () => {
    expect(await fieldsOf([{ name: 'issue', mirrored }])).toEqual([
      ['otter7', '0', undefined],
      [undefined, undefined, undefined],
      ['otter3', '2', undefined],
    ]);
  });

  it('are not sent with calls of another tool', async () => {
    const none = [undefined, undefined, undefined];
    expect(await fieldsOf([{ name: 'other', mirrored }])).toEqual([none, none, none]);
  });
});

describe('a call whose header fields the server refuses', () => {
  const REFUSED: Treatment = { takesUs: 1000, outcome: 'rpc-error', code: -32020, status: 400 };
  const page = (tools: readonly object[], nextCursor?: string): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools, nextCursor } });
  const issue = (header: string) => ({
    name: 'issue',
    inputSchema: { type: 'object', properties: { owner: { type: 'string', 'x-mcp-header': header } } },
  });
  /** A server that wants the owner in `Mcp-Param-Owner`, and says so in the second page of its tools. */
  const moved = (listed: readonly object[] = [issue('Owner')], wanted = 'mcp-param-owner') => {
    const names: string[] = [];
    const treat = (request: Request): Treatment => {
      const { method, params } = messageOf(request);
      names.push(method ?? '');
      if (method === 'tools/list')
        return params?.cursor === undefined
          ? { takesUs: 1000, body: page([], 'b'), servedBy: '3' }
          : { takesUs: 1000, body: page(listed) };
      return header(request, wanted) === undefined ? { ...REFUSED, servedBy: '1' } : { ...OK, servedBy: '2' };
    };
    return { names, treat };
  };
  const AGAIN = ['tools/call', 'tools/list', 'tools/list'];

  it('is made once more as the tools are listed now, and is one call', async () => {
    const { names, treat } = moved();
    const one = bench({ era: 'stateless', treat, headers: { Authorization: 'Bearer a{{agent}}' } });
    const end = await one.call(ISSUE, 7);
    expect(end).toMatchObject({ outcome: 'ok', servedBy: '2', firstServedBy: '1', sentUs: 0, doneUs: 4000 });
    expect(names).toEqual([...AGAIN, 'tools/call']);
    const [first, , , retry] = requests(one);
    const { id, ...rest } = JSON.parse(first!.body);
    const { id: ownId, ...again } = JSON.parse(retry!.body);
    expect(ownId).not.toBe(id);
    expect(again.params.arguments).toEqual(rest.params.arguments);
    expect(header(retry!, 'mcp-param-owner')).toBe('otter7');
    expect(requests(one).map((request) => header(request, 'authorization'))).toEqual(
      Array(4).fill('Bearer a7'),
    );
    expect(one.tallies.of(mismatches)!.counts()).toEqual({ refused: 1, lists: 1, again: 1 });
    // From then on the agent knows, and other agents find out for themselves.
    await one.call(ISSUE, 7);
    await one.call(ISSUE, 1);
    expect(names.slice(4)).toEqual(['tools/call', ...AGAIN, 'tools/call']);
  });

  it.each<[string, readonly object[]]>([
    ['asks for the same', [{ name: 'issue', inputSchema: { type: 'object' } }]],
    ['has the tool no more', [{ name: 'other' }]],
    ['has it with an annotation for which clients must not call it', [issue('not a token')]],
  ])('ends as refused where the list %s', async (_, listed) => {
    const { names, treat } = moved(listed);
    const one = bench({ era: 'stateless', treat });
    expect(await one.call(ISSUE)).toMatchObject({ outcome: 'rpc-error', code: -32020, doneUs: 1000 });
    expect(names).toEqual(AGAIN);
    expect(one.tallies.of(mismatches)!.counts()).toEqual({ refused: 1, lists: 1, again: 0 });
  });

  it('ends as refused where the list is not answered', async () => {
    const treat = (request: Request): Treatment =>
      messageOf(request).method === 'tools/list' ? { takesUs: 1, outcome: 'timeout' } : REFUSED;
    const one = bench({ era: 'stateless', treat });
    expect((await one.call(ISSUE)).code).toBe(-32020);
    expect(requests(one)).toHaveLength(2);
  });

  it('is made once more only once', async () => {
    const { names, treat } = moved([issue('Owner')], 'mcp-param-other');
    const one = bench({ era: 'stateless', treat });
    expect((await one.call(ISSUE)).code).toBe(-32020);
    expect(names).toEqual([...AGAIN, 'tools/call']);
  });

  it('waits for the list that another call of the agent has asked for', async () => {
    const { names, treat } = moved();
    const one = bench({ era: 'stateless', treat });
    const ends = await Promise.all([one.call(ISSUE), one.call(ISSUE)]);
    expect(ends.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(names).toEqual(['tools/call', ...AGAIN, 'tools/call', 'tools/call']);
    expect(one.tallies.of(mismatches)!.counts()).toEqual({ refused: 2, lists: 1, again: 2 });
  });

  it('is left as it is in the era sessions, and for other reasons', async () => {
    const sessions = bench({ era: 'sessions', treat: moved().treat });
    expect((await sessions.call(ISSUE)).code).toBe(-32020);
    const other = bench({ era: 'stateless', treat: () => ({ ...REFUSED, code: -32602 }) });
    expect((await other.call(ISSUE)).code).toBe(-32602);
    expect(requests(other)).toHaveLength(1);
  });
});
