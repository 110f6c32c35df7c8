import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import { equalTimes } from '../../result/measure/equal-times.case.ts';
import type { TaskFigures } from '../../result/measure/task-figures.ts';
import { page } from '../format/html/page.ts';
import { markdown } from '../format/markdown.ts';
import { headline } from '../format/text.ts';
import { modelOf } from '../model.ts';
import { HOSTILE, oneVariant } from '../sample-document.case.ts';
import { TASK_TABLES } from './tasks.ts';

const FIGURES: TaskFigures = {
  created: 12_345,
  immediate: 3,
  completed: 11_111,
  toolErrors: 1000,
  failed: 12,
  cancelled: 22,
  lost: 120,
  lostShare: 120 / 12_345,
  orphaned: 60,
  orphanedShare: 60 / 12_345,
  unfinished: 20,
  polls: 30_000,
  wasted: 15_000,
  pollsUnknown: 120,
  pollsFailed: 0,
  found: 30_000 / 30_120,
  wastedShare: 0.5,
  pollsPerTask: 30_120 / 12_345,
  updates: 0,
  cancels: 22,
  notifications: 0,
  undated: 0,
  create: equalTimes(12_345),
  whole: equalTimes(12_345_678),
  detection: equalTimes(1_234_567),
};

function documentWith(tasks: TaskFigures, name = 'default'): ResultDocument {
  const document = oneVariant();
  const [variant] = document.variants;
  const { summary } = variant!;
  return { ...document, variants: [{ ...variant!, name, summary: { ...summary!, tasks } }] };
}

const LONG_NAME = 'name affinity over the store that all instances share';

describe('the tables of tasks', () => {
  it('say what became of tasks, and what it took to learn it', () => {
    const model = modelOf(documentWith(FIGURES));
    expect(TASK_TABLES.flatMap(({ table }) => table(model).rows)).toEqual([
      ['default', '12,345', '12,111', '12', '22', '0.97', '60', '20', '12,346'],
      ['default', '12.3', '2.44', '50.0', '99.60', '1,235', '1,235'],
    ]);
  });

  it('fit into a terminal, whatever the figures and the names', () => {
    const lines = headline(modelOf(documentWith(FIGURES, LONG_NAME))).split('\n');
    const begin = lines.indexOf('tasks:');
    const own = lines.slice(begin, lines.indexOf('polls of tasks:') + 4);
    expect(own.filter((line) => line.includes('12,345'))).toHaveLength(1);
    expect(Math.max(...own.map((line) => line.length))).toBeLessThanOrEqual(110);
  });

  it('stand with their notes on the page and in Markdown', async () => {
    const model = modelOf(documentWith(FIGURES));
    const texts = [await page(model), String((await markdown(model)).files[0]!.content)];
    for (const text of texts) {
      for (const { title, note } of TASK_TABLES) {
        expect(text).toContain(title);
        expect(text).toContain(note.slice(0, 20));
      }
    }
  });

  it('are left out where no call became a task', async () => {
    const model = modelOf(oneVariant());
    expect(TASK_TABLES.flatMap(({ table }) => table(model).rows)).toEqual([]);
    expect(await page(model)).not.toContain('Polls of tasks');
    expect(headline(model)).not.toContain('tasks:');
  });

  it('show names that are no markup', async () => {
    expect(await page(modelOf(documentWith(FIGURES, HOSTILE)))).not.toContain('<script>alert');
  });
});
