/** @module The servers, and what is called of each. */
const ECHO = { tool: 'echo', arguments: { text: 'hello' } };
const GREET = { tool: 'greet', arguments: { name: 'Ada' } };

const nodeWith = (script) => `node --import ./count-requests.mjs ${script}`;
const ours = (name) => nodeWith(`servers/${name}.mjs`);
const sdkExample = (name) =>
  nodeWith(
    `--import ./servers/port.mjs node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/${name}.js`,
  );

/** `command` listens on the port in the environment variable PORT, or on `{{port}}`. */
export const CASES = [
  {
    name: 'server-everything',
    package: '@modelcontextprotocol/server-everything',
    command: nodeWith('node_modules/@modelcontextprotocol/server-everything/dist/index.js streamableHttp'),
    call: { tool: 'echo', arguments: { message: 'hello' } },
  },
  { name: 'fastmcp', package: 'fastmcp', command: ours('fastmcp'), call: ECHO },
  { name: 'hono, sessions', package: '@hono/mcp', command: ours('hono'), call: ECHO },
  { name: 'mcp-framework', package: 'mcp-framework', command: ours('mcp-framework'), call: ECHO },
  {
    name: 'mcp-framework, streams',
    package: 'mcp-framework',
    command: `env RESPONSE_MODE=stream ${ours('mcp-framework')}`,
    call: ECHO,
  },
  {
    name: 'mcp-proxy over stdio',
    package: 'mcp-proxy',
    command: nodeWith(
      'node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs --host 127.0.0.1 --port {{port}} -- node servers/stdio.mjs',
    ),
    call: ECHO,
  },
  {
    name: 'supergateway over stdio',
    package: 'supergateway',
    command: nodeWith(
      'node_modules/supergateway/dist/index.js --stdio "node servers/stdio.mjs" --outputTransport streamableHttp --stateful --port {{port}} --logLevel none',
    ),
    call: ECHO,
  },
  {
    name: 'SDK example, polling',
    package: '@modelcontextprotocol/sdk',
    command: sdkExample('ssePollingExample'),
    call: { tool: 'long-task' },
    load: { rate: '4/s', agents: 4, timeout: '15s' },
  },
  {
    name: 'SDK example, JSON answers',
    package: '@modelcontextprotocol/sdk',
    command: sdkExample('jsonResponseStreamableHttp'),
    call: GREET,
  },
  { name: 'fastify, SDK 2', package: '@modelcontextprotocol/fastify', command: ours('fastify'), call: ECHO },
  { name: 'SDK 2, both eras', package: '@modelcontextprotocol/server', command: ours('sdk'), call: ECHO },
  { name: 'tmcp', package: 'tmcp', command: ours('tmcp'), call: ECHO },
  { name: 'mcp-handler', package: 'mcp-handler', command: ours('mcp-handler'), call: ECHO },
];
