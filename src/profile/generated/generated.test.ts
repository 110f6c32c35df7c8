import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../document/json-schema.ts';
import { PROFILE_FORMAT } from '../profile.ts';
import { GENERATED } from './generated.ts';

import { profileReference } from './reference.ts';

describe('what is generated from the schema', () => {
  it.each(GENERATED)('$file is in step (otherwise: npm run schema)', ({ file, text }) => {
    expect(readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')).toBe(text());
  });

  it('has words for what every key may be', () => {
    const text = profileReference(PROFILE_FORMAT);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(text).toContain('| `load.skew` | a number from 0 to 3 |');
    expect(text).toContain('| `fleet.server.path` | a path such as /mcp |');
    expect(text).toContain(
      '| `fleet.server.command` | a command line, or a list of program and arguments | required |',
    );
  });

  it('explains every key', () => {
    const silent: string[] = [];
    const visit = (schema: JsonSchema, path: string): void => {
      for (const [key, child] of Object.entries(schema.properties ?? {})) {
        if (child.description === undefined) silent.push(`${path}.${key}`);
        for (const inner of [child, child.items ?? {}, ...(child.anyOf ?? [])])
          visit(inner, `${path}.${key}`);
      }
    };
    visit(PROFILE_FORMAT.jsonSchema, '');
    expect(silent).toEqual([]);
  });
});
