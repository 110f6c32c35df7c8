import { describe, expect, it } from 'vitest';
import { completeTools } from '../../profile/section/tools.ts';
import { namesAfter, toolNames } from '../../profile/tool-names.ts';
import { moreTools, toolSet } from '../tools.ts';
import { definitionOf } from './definition.ts';
import { generatedTools } from './generated-tools.ts';

describe('generated tools', () => {
  it.each([10, 100, 1000])(
    'are about 1 KB each in a list of %d, as tools of real servers are',
    (catalogue) => {
      const { tools } = toolSet({ ...completeTools(), catalogue }, 1, 0);
      const bytes = JSON.stringify(tools.slice(3).map(definitionOf)).length / (catalogue - 3);
      expect(bytes).toBeGreaterThan(900);
      expect(bytes).toBeLessThan(1300);
    },
  );

  it('have names of their own, whichever are made first', () => {
    const all = generatedTools(0, 1000);
    expect(new Set(all.map(({ name }) => name)).size).toBe(1000);
    const later = generatedTools(700, 300);
    expect(later.map(definition)).toEqual(all.slice(700).map(definition));
  });

  it.each([1, 3, 4, 12, 90, 1000])(
    'have the names that a profile knows in a catalogue of %d',
    (catalogue) => {
      const { tools } = toolSet({ ...completeTools(), catalogue }, 1, 0);
      expect(tools.map(({ name }) => name)).toEqual(toolNames(catalogue));
      expect(moreTools(tools, 5).map(({ name }) => name)).toEqual(namesAfter(tools.length, 5));
    },
  );

  it('accept what their schemas say', () => {
    for (const { schema, output } of generatedTools(0, 200)) {
      expect(schema.safeParse({}).success).toBe(false);
      if (output !== undefined) expect(output.schema.safeParse(output.value).success).toBe(true);
    }
  });
});

const definition = (tool: ReturnType<typeof generatedTools>[number]): object =>
  definitionOf({ ...tool, call: () => '' });
