import { describe, expect, it } from 'vitest';
import { shownArguments } from './command-line.ts';

const SECRET = 's3cr3t';

describe('a command line as it is recorded', () => {
  it.each([
    [['run', 'p.yaml', '--seed', '7', '--set', 'load.rate=400/s', '--header', 'X-Tenant: a']],
    [['run', 'p.yaml', '--set=target.headers={X-Tenant: a}', '--target', 'http://127.0.0.1:3000/mcp?page=2']],
    [['run', 'p.yaml', '--json', '--out', 'a=b']],
  ])('is what was given where nothing in it is a credential: %j', (args) => {
    expect(shownArguments(args)).toEqual(args);
  });

  it.each([
    [
      ['--header', `Authorization: Bearer ${SECRET}`],
      ['--header', 'Authorization: (not recorded)'],
    ],
    [[`--header=X-Api-Key: ${SECRET}`], ['--header=X-Api-Key: (not recorded)']],
    [
      ['--header', `Bearer ${SECRET}`],
      ['--header', '(not recorded)'],
    ],
    [
      ['--target', `http://a/mcp?token=${SECRET}`],
      ['--target', 'http://a/mcp?token=(not-recorded)'],
    ],
    [
      ['--set', `target.headers.Authorization=Bearer ${SECRET}`],
      ['--set', 'target.headers.Authorization=(not recorded)'],
    ],
    [
      ['--set', `target.headers={X-Tenant: a, Cookie: ${SECRET}}`],
      ['--set', 'target.headers={"X-Tenant":"a","Cookie":"(not recorded)"}'],
    ],
    [
      [`--set=target={url: "http://a/mcp?sig=${SECRET}", headers: {X-Api-Key: ${SECRET}}}`],
      ['--set=target={"url":"http://a/mcp?sig=(not-recorded)","headers":{"X-Api-Key":"(not recorded)"}}'],
    ],
    [
      ['--set', `target.proxy=http://user:${SECRET}@h:1`],
      ['--set', 'target.proxy=http://h:1'],
    ],
    [
      ['--set', `variants.0.target.headers.Cookie=${SECRET}`],
      ['--set', 'variants.0.target.headers.Cookie=(not recorded)'],
    ],
    [
      ['--set', `variants=[{name: a, target.headers: {Cookie: ${SECRET}}}]`],
      ['--set', 'variants=(not recorded)'],
    ],
    [
      ['--set', `fleet.server={command: node a.js, env: {TOKEN: ${SECRET}}}`],
      ['--set', 'fleet.server={"command":"node a.js","env":{"TOKEN":"(not recorded)"}}'],
    ],
  ])('holds no credential: %j', (args, shown) => {
    expect(shownArguments(args)).toEqual(shown);
  });
});
