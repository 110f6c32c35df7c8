import { describe, expect, it } from 'vitest';
import { initHeaders } from './headers.ts';
import { connectionIn } from './mcp-json.ts';

const headers = { Authorization: 'Bearer ${env:SHOP_TOKEN}' };
const FILE = JSON.stringify({
  mcpServers: { shop: { url: 'http://shop/mcp', headers }, other: { command: 'npx', args: ['x'] } },
});

describe('the connection of a client', () => {
  it.each([
    [undefined, /names 2 servers: shop, other.*--server NAME/s],
    ['other', /stdio.*HTTP transport/s],
    ['none', /names no server "none"/],
  ])('is not found in the server %j', (wanted, expected) => {
    expect(() => connectionIn(FILE, 'mcp.json', wanted)).toThrow(expected);
  });

  it('needs the variables of its headers', () => {
    const { name, headers: written } = connectionIn(FILE, 'mcp.json', 'shop');
    expect(() => initHeaders(written, 'mcp.json', { SHOP_TOKEN: '' }, name)).toThrow(/SHOP_TOKEN is empty/);
  });
});
