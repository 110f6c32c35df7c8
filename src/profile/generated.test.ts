import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED } from './generated.ts';
import { type JsonSchema, plainJsonSchema } from './json-schema.ts';

describe('what is generated from the schema', () => {
  it.each(GENERATED)('$file is in step (otherwise: npm run schema)', ({ file, text }) => {
    expect(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).toBe(text());
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
    visit(plainJsonSchema(), '');
    expect(silent).toEqual([]);
  });
});
