/** @module What the head of an answer adds to the reply. */
import { describe, expect } from 'vitest';
import { instanceName } from '../instance-name.ts';
import { json, resultFor } from '../raw-server.case.ts';
import { GOOD_REPLY, type Suite } from './suite.case.ts';

export function heads({ test, first }: Suite): void {
  describe('what a head adds to the reply', () => {
    test('cookies, one per field', async () => {
      const { replies } = await first((request) =>
        json(resultFor(request), ['Set-Cookie: a=1; Path=/', 'set-cookie: b=2, c']),
      );
      expect(replies[0].setCookies).toEqual(['a=1; Path=/', 'b=2, c']);
      expect(replies[1]).not.toHaveProperty('setCookies');
    });

    test('the location of a redirect, which is not followed', async () => {
      const { replies, server } = await first(() => json('', ['Location: /mcp/'], '307 Temporary Redirect'));
      expect(replies[0]).toMatchObject({
        outcome: 'http-error',
        detail: '307 Temporary Redirect: location /mcp/',
        location: '/mcp/',
      });
      expect(server.received).toHaveLength(2);
    });
  });

  describe('the name of the instance', () => {
    test('a value that is no name is safe to print', async () => {
      const values = ['\x9b31mred', 'x'.repeat(20_000), 'cache-a, cache-b'];
      for (const value of values) {
        const { replies } = await first((request) => json(resultFor(request), [`X-Served-By: ${value}`]));
        expect(replies[0]).toMatchObject({ ...GOOD_REPLY, servedBy: instanceName(value) });
      }
      const twice = ['X-Served-By: a', 'x-served-by: b'];
      const { replies } = await first((request) => json(resultFor(request), twice));
      expect(replies[0].servedBy).toBe('a, b');
    });
  });

  describe('the cause of a refusal', () => {
    test('a check of the host is told apart from missing rights', async () => {
      const host = await first(() => json('Invalid Host header', [], '421 Misdirected Request'));
      expect(host.replies[0]).toMatchObject({ outcome: 'http-error', cause: 'host-check' });
      expect(host.replies[0].detail).toContain('Invalid Host header');
      const rights = await first(() => json('insufficient scope', [], '403 Forbidden'));
      expect(rights.replies[0].outcome).toBe('forbidden');
      expect(rights.replies[0]).not.toHaveProperty('cause');
    });
  });
}
