// A server of MCP 2026-07-28 for audit-planted.yaml: healthy, or with planted faults. One file, no dependencies.
//
//   PORT=3000 KEY=secret node planted-server.mjs [--fault NAME[,NAME...]]      (or FAULT=NAME[,NAME...])
//
// The healthy server keeps nothing: every handle, task, cursor and requestState holds its own data, signed with KEY. All copies that
// have the same KEY can read it, so it does not matter which of them a request reaches. A fault breaks this in one way.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

/** The faults, and what each does. */
const FAULTS = {
  'session-needed': 'project_status works only on a connection on which open_project was called',
  'session-needed-on-instance': 'project_status works only after open_project, on the same copy, once',
  'handle-in-memory': 'a copy knows only the handles (search_id, basket_id) that it made',
  'stolen-handle-accepted': 'a handle works for every caller, not only for the one who got it',
  'resource-in-memory': 'a copy can read only the reports that it made',
  'tools-differ-by-instance': 'each copy lists a tool of its own',
  'prompts-differ-by-instance': 'each copy lists a prompt of its own',
  'resources-differ-by-instance': 'each copy lists a resource of its own',
  'list-differs-by-connection': 'every second connection to a copy is shown one more tool',
  'list-depends-on-earlier-calls': 'after open_project, its connection is shown one more tool',
  'authorization-differs-by-instance': 'copies disagree on which facts a reader may read',
  'task-in-memory': 'a copy knows only the tasks that it made',
  'cursor-of-instance': 'a cursor names a page that one copy keeps',
  'request-state-own-key': 'each copy signs requestState with a key of its own',
  'result-differs-by-instance': 'quote_price adds something that is different in each copy',
  'header-mismatch-accepted': 'headers are not compared with the body',
  'session-id-minted': 'every answer has an Mcp-Session-Id',
  'cookie-set': 'the first answer of a connection sets a cookie',
  'roots-used': 'book_table asks for the roots of the client',
  'sampling-used': 'book_table asks the model of the client',
  'logging-used': 'the capability logging is declared',
  'rc-codes': 'errors have the codes of the release candidate: -32001, -32003, -32004',
  'resource-not-found-code': 'an unknown resource is answered with -32002',
  'url-elicitation-code': 'book_table answers with the error -32042 where it should ask back',
};

const { KEY, PORT, FAULT } = process.env;
const { fault = FAULT ?? '' } = parseArgs({ options: { fault: { type: 'string' } } }).values;
const faults = fault.split(',').filter((name) => name !== '');
for (const name of faults)
  if (FAULTS[name] === undefined) stop(`unknown fault: ${name}; one of ${Object.keys(FAULTS).join(', ')}`);
if (!KEY || !PORT) stop('the variables KEY and PORT must be set');
const has = (name) => faults.includes(name);

function stop(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

// --- What a copy gives out, and gets back -------------------------------------------------------------------------------------------

const macOf = (text, key) => createHmac('sha256', key).update(text).digest('base64url');

/** `data` as a text that every copy with `key` can read. */
function sealed(data, key = KEY) {
  const text = Buffer.from(JSON.stringify(data)).toString('base64url');
  return `${text}.${macOf(text, key)}`;
}

/** The data in `text`; undefined when it was not sealed with `key`. */
function opened(text, key = KEY) {
  const [data = '', mac = ''] = String(text).split('.');
  const [given, right] = [Buffer.from(mac), Buffer.from(macOf(data, key))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  return JSON.parse(Buffer.from(data, 'base64url').toString());
}

/** The faulty way: the data stays in the memory of this copy, and what is given out is only its name. */
const memory = new Map();
function kept(data) {
  const name = randomUUID();
  memory.set(name, data);
  return name;
}

/** How each kind of state is given out, and found again. */
const stateOf = (inMemory, key) =>
  inMemory
    ? { give: kept, find: (name) => memory.get(name) }
    : { give: (data) => sealed(data, key), find: (text) => opened(text, key) };
const handles = stateOf(has('handle-in-memory'));
const reports = stateOf(has('resource-in-memory'));
const tasks = stateOf(has('task-in-memory'));
const cursors = stateOf(has('cursor-of-instance'));
const rounds = stateOf(false, has('request-state-own-key') ? randomUUID() : KEY);

/** Callers whose project is open in this copy: a session, if project_status depends on it. */
const openHere = new Set();

// --- Who calls ----------------------------------------------------------------------------------------------------------------------

/** Tokens for an example. Without a token, a caller is a guest. */
const CALLERS = {
  'Bearer planted-reader': { name: 'reader', scopes: ['read'] },
  'Bearer planted-writer': { name: 'writer', scopes: ['read', 'write'] },
};
const GUEST = { name: 'guest', scopes: ['read'] };

/** Whether `caller` may call the tool `name`. */
const mayCall = ({ scopes }, name) => scopes.includes(TOOLS[name].scope ?? 'read');

/** Whether `caller` may read the resource of the fact `name`. */
function mayRead(caller, name) {
  if (!has('authorization-differs-by-instance') || caller.name !== 'reader') return true;
  // What a copy refuses is in the bits of its port, so that no two copies refuse the same.
  return ((PORT >> (Object.keys(FACTS).indexOf(name) + 1)) & 1) === 0;
}

// --- Tools --------------------------------------------------------------------------------------------------------------------------

/** A failure that the caller sees: an error of JSON-RPC. */
class RpcError extends Error {
  constructor(status, code, message, data) {
    super(message);
    Object.assign(this, { status, code, data });
  }
}

/** A call that the caller has no right to make; without `scope`, nobody knows the caller. */
class Refused extends Error {
  constructor(scope) {
    super('refused');
    this.scope = scope;
  }
}

const text = (value, more) => ({ content: [{ type: 'text', text: String(value) }], ...more });
const data = (value) => text(JSON.stringify(value), { structuredContent: value });
const failed = (why) => text(why, { isError: true });
const object = (properties = {}, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const oneOf = (...values) => ({ type: 'string', enum: values });
const reads = { readOnlyHint: true };

/** Facts: a tool and resources whose results are always the same. */
const FACTS = {
  capital: { france: 'Paris', japan: 'Tokyo', kenya: 'Nairobi' },
  currency: { france: 'euro', japan: 'yen', kenya: 'shilling' },
  continent: { france: 'Europe', japan: 'Asia', kenya: 'Africa' },
  callingCode: { france: '33', japan: '81', kenya: '254' },
  domain: { france: '.fr', japan: '.jp', kenya: '.ke' },
  side: { france: 'right', japan: 'left', kenya: 'left' },
  peak: { france: 'Mont Blanc', japan: 'Fuji', kenya: 'Batian' },
};

/** Uses a handle of `caller`: the data of it, or why not. */
function useHandle(handle, { name }, then) {
  const found = handles.find(handle);
  if (found === undefined) return failed('no such handle');
  return found.owner === name || has('stolen-handle-accepted')
    ? then(found)
    : failed('the handle of another caller');
}

let requests = 0;
const CATALOGUE = ['lamp', 'table', 'chair', 'shelf', 'clock'];
const TASK_MS = 100;

const TOOLS = {
  look_up: {
    annotations: reads,
    inputSchema: object({ fact: oneOf(...Object.keys(FACTS)), country: oneOf('france', 'japan', 'kenya') }),
    call: ({ fact, country }) => text(FACTS[fact]?.[country] ?? 'unknown'),
  },

  // Results that differ from call to call, on every copy, without any fault.
  server_time: {
    annotations: reads,
    inputSchema: object(),
    call: () => data({ time: new Date().toISOString(), requestId: randomUUID(), requests }),
  },
  exchange_rate: {
    annotations: reads,
    inputSchema: object({ currency: oneOf('EUR', 'USD') }),
    call: ({ currency }) => data({ currency, rate: 1 + (Math.floor(Date.now() / 250) % 100) / 100 }),
  },

  quote_price: {
    annotations: reads,
    inputSchema: object({
      article: oneOf(...CATALOGUE),
      pieces: { type: 'integer', minimum: 1, maximum: 9 },
    }),
    call: ({ article, pieces }) =>
      data({
        price: article.length * pieces,
        quoteId: randomUUID(),
        ...(has('result-differs-by-instance') && { discount: PORT % 997 }),
      }),
  },

  open_project: {
    annotations: reads,
    inputSchema: object({ project: oneOf('apollo', 'gemini') }),
    call({ project }, { caller, connection }) {
      connection.project = project;
      openHere.add(caller.name);
      return data({ project, tasks: 3 });
    },
  },
  project_status: {
    annotations: reads,
    inputSchema: object({ project: oneOf('apollo', 'gemini') }),
    call({ project }, { caller, connection }) {
      if (has('session-needed') && connection.project === undefined) return failed('no project is open');
      if (has('session-needed-on-instance') && !openHere.delete(caller.name))
        return failed('no project is open');
      return data({ project, done: 2 });
    },
  },

  // Handles: one that is got by reading, and one that is made by writing.
  open_search: {
    annotations: reads,
    inputSchema: object({ word: { type: 'string', minLength: 1, maxLength: 20 } }),
    call: ({ word }, { caller }) => data({ search_id: handles.give({ owner: caller.name, word }) }),
  },
  read_search: {
    annotations: reads,
    inputSchema: object({ search_id: { type: 'string' } }),
    call: ({ search_id }, { caller }) =>
      useHandle(search_id, caller, ({ word }) => data({ word, found: CATALOGUE })),
  },
  create_basket: {
    scope: 'write',
    inputSchema: object({ title: { type: 'string', minLength: 1, maxLength: 20 } }),
    call: ({ title }, { caller }) =>
      data({ basket_id: handles.give({ owner: caller.name, title, articles: [] }) }),
  },
  add_to_basket: {
    scope: 'write',
    inputSchema: object({ basket_id: { type: 'string' }, article: oneOf(...CATALOGUE) }),
    call: ({ basket_id, article }, { caller }) =>
      useHandle(basket_id, caller, (basket) =>
        data({ basket_id: handles.give({ ...basket, articles: [...basket.articles, article] }) }),
      ),
  },
  read_basket: {
    annotations: reads,
    inputSchema: object({ basket_id: { type: 'string' } }),
    call: ({ basket_id }, { caller }) =>
      useHandle(basket_id, caller, ({ title, articles }) => data({ title, articles })),
  },

  make_report: {
    annotations: reads,
    inputSchema: object({ topic: oneOf('sales', 'stock') }),
    call({ topic }) {
      const link = {
        type: 'resource_link',
        uri: `report://${reports.give({ topic, id: randomUUID() })}`,
        name: topic,
      };
      return { content: [link] };
    },
  },

  add_slowly: {
    annotations: reads,
    inputSchema: object({ a: { type: 'integer' }, b: { type: 'integer' } }),
    call({ a, b }, { caller, can }) {
      if (!can.extensions?.['io.modelcontextprotocol/tasks']) return text(a + b);
      const made = { owner: caller.name, at: Date.now(), sum: a + b, id: randomUUID() };
      return { resultType: 'task', ...taskOf(tasks.give(made), made, false) };
    },
  },

  book_table: {
    annotations: reads,
    inputSchema: object({ people: { type: 'integer', minimum: 1, maximum: 12 } }),
    call: ({ people }, { caller, can, params }) => bookTable(people, caller, can, params),
  },

  delete_everything: {
    scope: 'write',
    annotations: { readOnlyHint: false, destructiveHint: true },
    inputSchema: object(),
    // Nobody may call it who was not told to. It cannot go unnoticed.
    call: () => process.exit(1),
  },
};

/** Asks back, and books when the answer comes with the state. Source: Multi round-trip requests. */
function bookTable(people, { name: owner }, can, { inputResponses, requestState }) {
  if (!can.elicitation) throw missing({ elicitation: {} });
  if (requestState === undefined) {
    if (has('url-elicitation-code'))
      throw new RpcError(200, -32042, 'open the page first', { elicitations: [] });
    const requestedSchema = object({ sure: { type: 'boolean', default: true } });
    const sure = {
      method: 'elicitation/create',
      params: { mode: 'form', message: 'Book it?', requestedSchema },
    };
    const roots = has('roots-used') && can.roots && { roots: { method: 'roots/list' } };
    const messages = [{ role: 'user', content: { type: 'text', text: 'Which table?' } }];
    const model = has('sampling-used') &&
      can.sampling && { model: { method: 'sampling/createMessage', params: { messages, maxTokens: 9 } } };
    return {
      resultType: 'input_required',
      inputRequests: { sure, ...roots, ...model },
      requestState: rounds.give({ owner, people, at: Date.now() }),
    };
  }
  const state = rounds.find(requestState);
  if (state?.owner !== owner || state.people !== people) throw invalid('invalid requestState');
  return text(inputResponses?.sure?.content?.sure ? `booked for ${people}` : 'not booked');
}

/** The task that `made` describes. Nothing has to be kept: it is done when its time is over. */
function taskOf(taskId, { at, sum }, withResult = true) {
  const done = Date.now() >= at + TASK_MS;
  const createdAt = new Date(at).toISOString();
  const task = { taskId, createdAt, lastUpdatedAt: createdAt, ttlMs: 60_000, pollIntervalMs: 50 };
  return done && withResult
    ? { ...task, status: 'completed', result: text(sum) }
    : { ...task, status: 'working' };
}

// --- Methods ------------------------------------------------------------------------------------------------------------------------

const invalid = (why, status = 200) => new RpcError(status, -32602, why);
const missing = (requiredCapabilities) =>
  new RpcError(400, has('rc-codes') ? -32003 : -32021, 'missing client capability', { requiredCapabilities });

/** Hints of results that can be kept. The time left counts down, and so differs from answer to answer. */
const hints = () => ({ ttlMs: 60_000 - (Date.now() % 60_000), cacheScope: 'private' });
const ofThisCopy = (name) => (has(name) ? [`of-${PORT}`] : []);

function listTools({ caller, connection }) {
  const more =
    (has('list-differs-by-connection') && connection.number % 2 === 1) ||
    (has('list-depends-on-earlier-calls') && connection.project !== undefined)
      ? ['project_files']
      : [];
  const plain = [...more, ...ofThisCopy('tools-differ-by-instance')].map((name) => ({
    name,
    inputSchema: object(),
  }));
  const own = Object.entries(TOOLS).filter(([, { scope = 'read' }]) => caller.scopes.includes(scope));
  return [
    ...own.map(([name, { inputSchema, annotations }]) => ({ name, inputSchema, annotations })),
    ...plain,
  ];
}

const PAGE = 3;
function listResources({ cursor }) {
  const page = cursor === undefined ? { from: 0 } : cursors.find(cursor);
  if (page === undefined) throw invalid('invalid cursor');
  const names = [...Object.keys(FACTS), ...ofThisCopy('resources-differ-by-instance')];
  const resources = names.map((name) => ({ uri: `fact://${name}`, name })).slice(page.from, page.from + PAGE);
  const from = page.from + PAGE;
  return { resources, ...(from < names.length && { nextCursor: cursors.give({ from }) }) };
}

function readResource({ uri }, caller) {
  const [, scheme, path] = /^(\w+):\/\/(.*)$/.exec(uri) ?? [];
  const found = scheme === 'fact' ? FACTS[path] : scheme === 'report' ? reports.find(path) : undefined;
  if (found === undefined)
    throw has('resource-not-found-code') ? new RpcError(200, -32002, 'not found') : invalid('not found');
  if (scheme === 'fact' && !mayRead(caller, path)) throw new Refused('read');
  return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(found) }] };
}

async function callTool(asked) {
  const { params, caller } = asked;
  const tool = TOOLS[params.name];
  if (tool === undefined) throw invalid('unknown tool');
  if (!mayCall(caller, params.name)) throw new Refused(tool.scope ?? 'read');
  const given = params.arguments ?? {};
  const wanting = tool.inputSchema.required.filter((name) => given[name] === undefined);
  if (wanting.length > 0) return failed(`missing arguments: ${wanting.join(', ')}`);
  return tool.call(given, asked);
}

function taskMethod({ params, caller, can }, answer) {
  if (!can.extensions?.['io.modelcontextprotocol/tasks'])
    throw missing({ extensions: { 'io.modelcontextprotocol/tasks': {} } });
  const made = tasks.find(params.taskId);
  if (made?.owner !== caller.name) throw invalid('unknown task');
  return answer(params.taskId, made);
}

const METHODS = {
  'server/discover': () => ({
    supportedVersions: ['2026-07-28'],
    capabilities: {
      tools: {},
      prompts: {},
      resources: {},
      ...(has('logging-used') && { logging: {} }),
      extensions: { 'io.modelcontextprotocol/tasks': {} },
    },
    ...hints(),
  }),
  'tools/list': (asked) => ({ tools: listTools(asked), ...hints() }),
  'tools/call': callTool,
  'resources/list': ({ params }) => ({ ...listResources(params), ...hints() }),
  'resources/read': ({ params, caller }) => ({ ...readResource(params, caller), ...hints() }),
  'prompts/list': () => ({
    prompts: ['summary', ...ofThisCopy('prompts-differ-by-instance')].map((name) => ({ name })),
    ...hints(),
  }),
  'prompts/get': ({ params }) => {
    if (params.name !== 'summary') throw invalid('unknown prompt');
    return { messages: [{ role: 'user', content: { type: 'text', text: 'Summarize what was found.' } }] };
  },
  'tasks/get': (asked) => taskMethod(asked, taskOf),
  'tasks/update': (asked) => taskMethod(asked, () => ({})),
  'tasks/cancel': (asked) => taskMethod(asked, () => ({})),
};

// --- HTTP ---------------------------------------------------------------------------------------------------------------------------

const VERSION = '2026-07-28';
const NAMED_BY = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };
const namedBy = (method) => NAMED_BY[method] ?? (/^tasks\//.test(method) ? 'taskId' : undefined);
const META = 'io.modelcontextprotocol/';

/** A header as the text that it stands for. */
function decoded(value = '') {
  const [, base64] = /^=\?base64\?(.*)\?=$/.exec(value) ?? [];
  return base64 === undefined ? value : Buffer.from(base64, 'base64').toString();
}

/** Refuses a request whose headers contradict its body. Source: Streamable HTTP, Server Validation. */
function checkHeaders(headers, { method, params }) {
  const version = params?._meta?.[`${META}protocolVersion`];
  const name = params?.[namedBy(method)];
  const agree =
    headers['mcp-protocol-version'] === version &&
    headers['mcp-method'] === method &&
    (name === undefined || decoded(headers['mcp-name']) === name);
  if (!agree && !has('header-mismatch-accepted'))
    throw new RpcError(400, has('rc-codes') ? -32001 : -32020, 'headers and body do not agree');
  if (version === undefined || params._meta[`${META}clientCapabilities`] === undefined)
    throw invalid('incomplete _meta', 400);
  if (version !== VERSION)
    throw new RpcError(400, has('rc-codes') ? -32004 : -32022, 'unsupported version', {
      supported: [VERSION],
      requested: version,
    });
}

/** The result of `message`. Throws what it is refused with. */
async function resultOf(request, message) {
  const token = request.headers.authorization;
  const caller = token === undefined ? GUEST : CALLERS[token];
  if (caller === undefined) throw new Refused();
  checkHeaders(request.headers, message);
  const { method, params } = message;
  if (METHODS[method] === undefined) throw new RpcError(404, -32601, 'method not found');
  const can = params._meta[`${META}clientCapabilities`];
  const result = await METHODS[method]({ params, caller, can, connection: request.socket.state });
  return { resultType: 'complete', ...result, _meta: { 'example/requestId': randomUUID() } };
}

/** The status and body for what was thrown. */
function refusal(response, id, thrown) {
  if (thrown instanceof RpcError) {
    const { status, code, message, data } = thrown;
    return [status, { jsonrpc: '2.0', id, error: { code, message, ...(data && { data }) } }];
  }
  if (!(thrown instanceof Refused)) throw thrown;
  const [status, why] =
    thrown.scope === undefined
      ? [401, 'error="invalid_token"']
      : [403, `error="insufficient_scope", scope="${thrown.scope}"`];
  response.setHeader('www-authenticate', `Bearer ${why}`);
  return [status, { error: 'refused' }];
}

let connections = 0;
const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end();
  requests += 1;
  let body = '';
  for await (const chunk of request) body += chunk;
  const message = JSON.parse(body);
  if (message.id === undefined) return response.writeHead(202).end();
  const { state } = request.socket;
  state.requests += 1;
  if (has('session-id-minted')) response.setHeader('mcp-session-id', randomUUID());
  if (has('cookie-set') && request.headers.cookie === undefined && state.requests === 1)
    response.setHeader('set-cookie', `affinity=${PORT}; Path=/`);
  const [status, answer] = await resultOf(request, message).then(
    (result) => [200, { jsonrpc: '2.0', id: message.id, result }],
    (thrown) => refusal(response, message.id, thrown),
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
server.on('connection', (socket) => {
  socket.state = { number: connections, requests: 0, project: undefined };
  connections += 1;
});
server.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`listening on ${PORT}\n`));
