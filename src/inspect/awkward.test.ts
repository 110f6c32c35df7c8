/** @module Servers that are slow, refuse, break off or never end: an inspection ends, and says what it saw. */
import { describe, expect, it } from 'vitest';
import { ADMIN, inspected, of, READER } from './inspected.case.ts';

describe('an inspection', () => {
  it('ends at its limit of time, also while an answer is awaited, and keeps what it saw', async () => {
    const { complete, requests, methods, findings } = await inspected(
      {
        // Nothing but what came first is ever answered.
        write: (response, body, { index }) => {
          response.setHeader('content-type', 'application/json');
          if (index < 2) response.end(body);
        },
      },
      { limits: { timeUs: 300_000, requests: 100 } },
    );
    expect({ complete, requests, findings }).toEqual({ complete: false, requests: 3, findings: [] });
    expect(methods.map(({ method, answered }) => [method, answered])).toEqual([
      ['server/discover', true],
      ['tools/list', true],
      ['prompts/list', false],
      ['resources/list', false],
      ['resources/templates/list', false],
    ]);
  });

  it('ends at its limit of requests', async () => {
    const { complete, requests } = await inspected({}, { limits: { timeUs: 20e6, requests: 7 } });
    expect({ complete, requests }).toEqual({ complete: false, requests: 7 });
  });

  it('follows no more than a hundred pages', async () => {
    const { findings, methods } = await inspected(
      {
        plant: of('prompts/list', (result, { nth }) => ({ ...result, nextCursor: `page-${nth}` })),
      },
      { limits: { timeUs: 20e6, requests: 2000 } },
    );
    expect(findings).toEqual([
      {
        kind: 'pages-incomplete',
        severity: 'warning',
        where: 'prompts/list',
        evidence: 'more than 100 pages',
      },
    ]);
    expect(methods.find(({ method }) => method === 'prompts/list')?.pages).toBe(100);
  });

  it('stops at a cursor that comes again', async () => {
    const { findings } = await inspected({
      plant: of('prompts/list', (result) => ({ ...result, nextCursor: 'again' })),
    });
    expect(findings.map(({ evidence }) => evidence)).toEqual(['page 2 names a cursor that was used before']);
  });

  it('goes on after connections that break', async () => {
    const { findings, complete, methods } = await inspected({
      write: (response, body, { nth }) => {
        response.setHeader('content-type', 'application/json');
        if (nth === 1) response.destroy();
        else response.end(body);
      },
    });
    expect(complete).toBe(true);
    expect(methods.every(({ answered }) => answered)).toBe(true);
    // The second page of the first list is the second request for it.
    expect(findings.map(({ kind, where }) => [kind, where])).toEqual([['pages-incomplete', 'tools/list']]);
  });

  it('compares nothing of a caller who is refused everything', async () => {
    const { findings } = await inspected(
      {
        write: (response, body, { authorization }) => {
          response.setHeader('content-type', 'application/json');
          if (authorization === READER.headers['Authorization']) response.statusCode = 401;
          response.end(response.statusCode === 401 ? '{}' : body);
        },
      },
      { identities: [ADMIN, READER] },
    );
    expect(findings).toEqual([]);
  });

  it('calls no tool that was not named, and makes no request with effects', async () => {
    const methods = new Set<string>();
    await inspected({
      plant: (result, { method }) => {
        methods.add(method);
        return result;
      },
    });
    expect([...methods].sort()).toEqual([
      'prompts/list',
      'resources/list',
      'resources/read',
      'resources/templates/list',
      'server/discover',
      'tools/list',
    ]);
  });

  it('asks only for what the server announces', async () => {
    const { methods } = await inspected({
      plant: of('server/discover', (result) => ({ ...result, capabilities: { prompts: {} } })),
    });
    expect(methods.map(({ method }) => method)).toEqual(['server/discover', 'prompts/list']);
  });

  it('asks for everything where the server does not say what it can', async () => {
    const { methods, findings } = await inspected({
      plant: (result, { method }) =>
        method === 'tools/list' ? result : { code: -32601, message: 'Method not found' },
    });
    expect(methods.map(({ method, answered, error }) => [method, answered, error])).toEqual([
      ['server/discover', false, '-32601 Method not found'],
      ['tools/list', true, null],
      ['prompts/list', false, '-32601 Method not found'],
      ['resources/list', false, '-32601 Method not found'],
      ['resources/templates/list', false, '-32601 Method not found'],
    ]);
    expect(findings).toEqual([]);
  });

  it('shows no credential that the server repeats', async () => {
    const secret = 'Zm9vYmFyYmF6cXV4';
    const text = JSON.stringify(
      await inspected(
        {
          plant: (result, { method, authorization }) =>
            method === 'prompts/list'
              ? { code: -32603, message: `who is ${authorization}?` }
              : { ...result, cacheScope: authorization ?? '', ttlMs: `${authorization}` },
        },
        { identities: [{ name: 'one', headers: { Authorization: `Token ${secret}` } }] },
      ),
    );
    expect(text).toContain('hint-malformed');
    expect(text).not.toContain(secret);
  });
});
