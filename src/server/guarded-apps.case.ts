/** @module An app's calls are checked and recorded as all others: for servers of the era `stateless`. */
import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../protocol/authorization/audit-record.ts';
import { VIEW_URI } from './apps/view.ts';
import { type GuardedBed, useAudited } from './guarded-bed.case.ts';

/** What differs from call to call, whoever has begun it. */
const OWN = ['time', 'us', 'traceparent', 'method', 'tool', 'required'];

/** What a record says of the caller and of the decision, and how it is written. */
const common = (record: AuditRecord): unknown => [
  Object.keys(record),
  Object.entries(record).filter(([key]) => !OWN.includes(key)),
];

/** The suite, for a check in the mode `jwt` by scopes. */
export function guardedAppCases(bed: GuardedBed): void {
  describe('the calls of an app', () => {
    const instance = useAudited(bed, { apps: { htmlBytes: 1000 } });
    const call = (name: string) => ['tools/call', { name, arguments: { city: 'Oslo' } }] as const;
    const byModel = call('weather');
    const byView = call('weather_refresh');
    const readView = ['resources/read', { uri: VIEW_URI }] as const;

    it('are recorded in the same log as those of the model, with the user for whom both are made', async () => {
      const token = await bed.bearer(instance.url, 'tool:weather* resource:*', { sub: 'ann' });
      for (const [method, params] of [byModel, readView, byView])
        expect((await bed.ask(instance.url, method, params, token)).status).toBe(200);
      const records = (await instance.records()).slice(-3);
      expect(records).toMatchObject([
        { method: 'tools/call', tool: 'weather', actor: 'ann', decision: 'allow' },
        { method: 'resources/read', actor: 'ann', decision: 'allow' },
        { method: 'tools/call', tool: 'weather_refresh', actor: 'ann', decision: 'allow' },
      ]);
      expect(new Set(records.map((record) => JSON.stringify(common(record)))).size).toBe(1);
    });

    it('are refused and recorded where the user may not make them', async () => {
      const token = await bed.bearer(instance.url, 'tool:weather', { sub: 'ann' });
      const [method, params] = byView;
      expect((await bed.ask(instance.url, method, params, token)).status).toBe(403);
      expect((await bed.ask(instance.url, method, params, {})).status).toBe(401);
      const records = (await instance.records()).slice(-2);
      expect(records).toMatchObject([
        { tool: 'weather_refresh', actor: 'ann', decision: 'deny', reason: 'scope-missing' },
        { tool: 'weather_refresh', actor: null, decision: 'deny' },
      ]);
    });
  });
}
