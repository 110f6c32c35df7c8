import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../../result/document.ts';
import { modelOf } from '../../model.ts';
import { authDocument, MODES, modes, oneCheck, plantedFaults } from '../../sample-authorization.case.ts';
import { authorizationChartsOf } from '../charts.ts';
import { placedName, spread } from './names.ts';

const chartOf = (document: ResultDocument, name: string) =>
  authorizationChartsOf(modelOf(document)).find((chart) => chart.name === name)!;

/** What is drawn of a chart, as far as these tests read it. */
interface Drawn {
  readonly mark?: { readonly type: string; readonly shape?: string };
  readonly data?: { readonly values: readonly Readonly<Record<string, string | number>>[] };
}
interface Panel {
  readonly title: { readonly text: string };
  readonly layer: readonly Drawn[];
}

describe('the frontier', () => {
  const { vconcat } = chartOf(modes(), 'auth-frontier').spec('wide') as unknown as {
    vconcat: readonly Panel[];
  };
  const namesIn = (panel: Panel) =>
    panel.layer.filter(({ mark }) => mark?.type === 'text').map(({ data }) => data!.values[0]!['text']);
  const shapesIn = (panel: Panel) => panel.layer.flatMap(({ mark }) => mark?.shape ?? []);

  it('has a point for each variant with a check, by how long revoked tokens were good', () => {
    expect(vconcat.map((panel) => [panel.title.text, namesIn(panel)])).toEqual([
      [
        'Allowed to the end of the run',
        ['session, sticky', 'session, round-robin', 'jwt', 'gateway', 'dpop'],
      ],
      ['Still allowed for a time', ['jwt, revocation list', 'introspection, cached for 2 s']],
      ['Refused at once', ['introspection']],
    ]);
  });

  it('marks the windows that were still open when the run ended', () => {
    expect(vconcat.map(shapesIn)).toEqual([['triangle-up'], ['circle'], ['circle']]);
  });

  it('names the variants of which a cost is not known', () => {
    const document = authDocument(MODES.slice(0, 3), (auth, place) =>
      place === 1 ? { ...auth, staleWindowUs: null } : auth,
    );
    expect(chartOf(document, 'auth-frontier').caption).toContain('Without a point: “jwt”.');
  });

  it('moves names apart that would lie on each other, and no others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 12 }), (heights) => {
        const placed = spread(heights)
          .map((dy, at) => heights[at]! + dy)
          .sort((a, b) => a - b);
        expect(placed.every((at, place) => place === 0 || at - placed[place - 1]! >= 16)).toBe(true);
      }),
    );
    expect(spread([0, 100, 50])).toEqual([0, 0, 0]);
  });
});

describe('a name beside its point', () => {
  it.each([
    ['right of the line, where there is more room', 10, 50, { at: 'end', align: 'left', dy: 0 }],
    ['left of the point, where there is more', 250, 290, { at: 'point', align: 'right', dy: 0 }],
    ['above, where the line leaves no room', 40, 280, { at: 'point', align: 'left', dy: -14 }],
    [
      'left of the point, where that is the side with more room',
      170,
      290,
      { at: 'point', align: 'right', dx: -11 },
    ],
  ])('stands %s', (_, from, to, expected) => {
    expect(placedName('introspection-cached', from, to, 300)).toMatchObject(expected);
  });

  it('stays within the drawing', () => {
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.nat(300),
        fc.string({ minLength: 1, maxLength: 60 }),
        (from, line, name) => {
          const to = Math.min(300, from + line);
          const { text, at, align } = placedName(name, from, to, 300);
          const start = at === 'end' ? to : from;
          const long = [...text].length * 7.67;
          expect(align === 'left' ? start + long : start - long).toBeGreaterThanOrEqual(
            align === 'left' ? 0 : -8,
          );
          expect(align === 'left' ? start + long : start - long).toBeLessThanOrEqual(308);
        },
      ),
    );
  });
});

describe('the decisions', () => {
  const cellsOf = (document: ResultDocument) =>
    (chartOf(document, 'auth-decisions').spec('wide') as unknown as Drawn).data!.values;

  it('are marked where they were wrong, with the calls', () => {
    const wrong = cellsOf(plantedFaults()).filter(({ kind, panel }) => kind === 'wrong' && panel === 'jwt');
    expect(wrong).toContainEqual(
      expect.objectContaining({ identity: 'expired token', call: 'echo', label: '✕ 150' }),
    );
    expect(wrong).toContainEqual(
      expect.objectContaining({ identity: 'readers', call: 'work', label: '✕ 12' }),
    );
  });

  it('are not marked where all were right', () => {
    expect(cellsOf(oneCheck()).filter(({ kind }) => kind === 'wrong')).toEqual([]);
    expect(chartOf(oneCheck(), 'auth-decisions').title).toBe('What each identity got');
  });

  it('are not drawn where everybody may do everything', () => {
    const document = authDocument(MODES.slice(0, 2), (auth) => ({
      ...auth,
      matrix: auth.matrix.filter(({ expected, event }) => expected === 'allow' && event < 0),
    }));
    expect(chartOf(document, 'auth-decisions')).toBeUndefined();
  });

  it('of more variants than there is room for show those with wrong ones', () => {
    const panels = new Set(cellsOf(modes()).map(({ panel }) => panel));
    expect(panels.size).toBe(6);
    expect(panels).not.toContain('introspection');
  });
});

describe('the time around a revocation', () => {
  const { data } = chartOf(modes(), 'auth-revocation').spec('wide') as unknown as Drawn;
  const stillAllowed = (panel: string) =>
    data!.values.filter((one) => one['panel'] === panel && one['kind'] === 'still allowed');

  it('shows calls that were still allowed as long as the window is', () => {
    expect(stillAllowed('introspection')).toEqual([]);
    expect(Math.max(...stillAllowed('jwt, revocation list').map(({ to }) => Number(to)))).toBeCloseTo(1);
    expect(Math.max(...stillAllowed('jwt').map(({ to }) => Number(to)))).toBeCloseTo(3.5);
  });

  it('marks the confirmation in every panel', () => {
    expect(data!.values.filter(({ second }) => second !== undefined)).toHaveLength(8);
  });
});

describe('the stages of a call', () => {
  it('lie one after the other, and end where the call does', () => {
    const { layer } = chartOf(modes(), 'auth-stages').spec('wide') as unknown as Panel;
    const bars = layer.find(({ mark }) => mark?.type === 'bar')!.data!.values;
    for (const row of new Set(bars.map((bar) => bar['row']))) {
      const own = bars.filter((bar) => bar['row'] === row);
      expect(own.map(({ stage }) => stage)).toEqual(['authentication', 'policy', 'handler', 'rest']);
      expect(own.slice(1).map(({ from }) => from)).toEqual(own.slice(0, -1).map(({ to }) => to));
    }
  });
});
