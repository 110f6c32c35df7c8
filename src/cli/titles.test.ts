import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseProfile } from '../experiment/parse-profile.ts';
import { scratch } from '../units/scratch.case.ts';
import { planLines } from './plan.ts';
import { validate } from './validate.ts';

const PROFILE = `version: 1
title: "night\\u202ely"
load: { rate: 10/s, duration: 2s }
calls: [{ list: tools }]
target: { url: "http://127.0.0.1:3000/mcp" }
`;

describe('a title that changes the direction of writing', () => {
  afterEach(() => vi.restoreAllMocks());

  it('does not reach the terminal by a plan', () => {
    expect(planLines(parseProfile(PROFILE), 1)[0]).toMatch(/^night ly: 1 variant/);
  });

  it('does not reach the terminal by a check of the profile', async () => {
    const path = join(scratch(), 'p.yaml');
    writeFileSync(path, PROFILE);
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await validate(path, { header: [], set: [], seed: 1, insecure: false });
    expect(written.mock.calls.join('')).toContain('is valid: night ly, 1 variant');
  });
});
