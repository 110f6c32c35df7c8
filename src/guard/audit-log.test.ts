import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../protocol/authorization/audit-record.ts';
import { REASON_STATUS, type Reason } from '../protocol/authorization/reason.ts';
import { scratch } from '../units/scratch.case.ts';
import { VirtualClock } from '../units/virtual-clock.ts';
import { type AuditEntry, AuditLines } from './audit-line.ts';
import { AuditLog } from './audit-log.ts';

const anyText = fc.string({ unit: 'binary' });
const textOrNull = fc.option(fc.oneof(anyText, fc.string()));

const entries: fc.Arbitrary<AuditEntry> = fc.record({
  traceparent: textOrNull,
  actor: textOrNull,
  client: textOrNull,
  tokenHash: textOrNull,
  method: anyText,
  tool: textOrNull,
  handle: textOrNull,
  required: fc.array(anyText, { maxLength: 3 }),
  decision: fc.constantFrom('allow', 'deny'),
  reason: fc.option(fc.constantFrom(...(Object.keys(REASON_STATUS) as Reason[]))),
  us: fc.nat(1e7).map((tenths) => tenths / 10),
});

const plain: AuditEntry = {
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  actor: 'agent-7',
  client: 'support',
  tokenHash: '0123456789abcdef',
  method: 'tools/call',
  tool: 'echo',
  handle: null,
  required: ['tool:echo'],
  decision: 'allow',
  reason: null,
  us: 12,
};

async function opened() {
  const path = join(scratch(), 'audit.jsonl');
  const log = await AuditLog.open(path, 'i1', new VirtualClock());
  return { path, log, read: () => readFileSync(path, 'latin1') };
}

const parsed = (text: string): readonly AuditRecord[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditRecord);

describe('the line of an audit record', () => {
  it('is one line of printable ASCII that reads back equal, whatever the record holds', () => {
    fc.assert(
      fc.property(entries, anyText, (entry, instance) => {
        const line = new AuditLines(instance).of(entry, 1_795_000_000_123_456);
        expect(line).toMatch(/^[ -~]*\n$/);
        expect(JSON.parse(line)).toEqual({ ...entry, instance, time: '2026-11-18T11:06:40.123456Z' });
      }),
    );
  });

  it('says the time with microseconds, in each second', () => {
    const lines = new AuditLines('i1');
    const timeAt = (us: number): unknown => JSON.parse(lines.of(plain, us)).time;
    expect([0, 999_999.9, 1_000_000, 61_000_007].map(timeAt)).toEqual([
      '1970-01-01T00:00:00.000000Z',
      '1970-01-01T00:00:00.999999Z',
      '1970-01-01T00:00:01.000000Z',
      '1970-01-01T00:01:01.000007Z',
    ]);
  });
});

describe('the line of a change of state', () => {
  it('has the digest of the handle, never the handle', () => {
    const handle = '0.c2VjcmV0.bWFj';
    const change = {
      change: 'created',
      tool: 'create_basket',
      handle,
      identity: undefined,
      traceparent: undefined,
    } as const;
    const line = new AuditLines('i1').ofChange(change, 0);
    expect(line).not.toContain(handle);
    expect(JSON.parse(line)).toEqual({
      time: '1970-01-01T00:00:00.000000Z',
      instance: 'i1',
      traceparent: null,
      actor: null,
      client: null,
      tool: 'create_basket',
      change: 'created',
      handle: createHash('sha256').update(handle).digest('hex').slice(0, 16),
    });
  });
});

describe('an audit log', () => {
  it('keeps every record in its order, over many writes', async () => {
    const { log, read } = await opened();
    const tools = Array.from({ length: 2000 }, (_, index) => `tool ${index}`);
    for (const tool of tools) log.append({ ...plain, tool });
    await log.stop();
    expect(parsed(read()).map(({ tool }) => tool)).toEqual(tools);
  });

  it('has what was appended in the file after a flush, and goes on', async () => {
    const { log, read } = await opened();
    log.append(plain);
    await log.flush();
    expect(parsed(read())).toMatchObject([plain]);
    log.append({ ...plain, decision: 'deny', reason: 'expired' });
    await log.stop();
    expect(parsed(read())).toMatchObject([plain, { decision: 'deny', reason: 'expired' }]);
  });

  it('writes without a flush, soon', async () => {
    const { log, read } = await opened();
    log.append(plain);
    await vi.waitFor(() => expect(parsed(read())).toHaveLength(1));
    await log.stop();
  });

  it('adds to a log that is there', async () => {
    const { path, log, read } = await opened();
    await log.stop();
    writeFileSync(path, '{"earlier":true}\n');
    const again = await AuditLog.open(path, 'i1');
    again.append(plain);
    await again.stop();
    expect(parsed(read())).toMatchObject([{ earlier: true }, plain]);
  });

  it('rejects a flush when a record could not be written', async () => {
    const log = await AuditLog.open('/dev/full', 'i1');
    log.append(plain);
    await expect(log.flush()).rejects.toThrow('ENOSPC');
    await expect(log.stop()).rejects.toThrow('ENOSPC');
  });

  it('cannot be opened in a folder that does not exist', async () => {
    await expect(AuditLog.open(join(scratch(), 'none', 'audit.jsonl'), 'i1')).rejects.toThrow('ENOENT');
  });
});
