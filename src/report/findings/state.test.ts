import { describe, expect, it } from 'vitest';
import type { StateFigures } from '../../result/measure/state.ts';
import { modelOf } from '../model.ts';
import { oneVariant } from '../sample-document.case.ts';
import { HANDLES, handles, handlesDocument } from '../sample-state.case.ts';
import { findings } from './findings.ts';
import { stateFindings } from './state.ts';

/** The findings about a variant whose figures have these as well. */
const found = (name: string, figures: Partial<StateFigures>) => {
  const document = handlesDocument(HANDLES.filter((each) => each.name === name));
  const variants = document.variants.map((variant) => ({
    ...variant,
    summary: { ...variant.summary!, state: { ...variant.summary!.state!, ...figures } },
  }));
  return stateFindings(modelOf({ ...document, variants }));
};

const finding = (name: string, change: object = {}) => {
  const [one] = HANDLES.filter((each) => each.name === name);
  return stateFindings(modelOf(handlesDocument([{ ...one!, ...change }])))[0];
};

describe('the finding about state', () => {
  it('says how many handles were refused, and what the state took', () => {
    expect(finding('memory')).toEqual({
      tone: 'bad',
      text: '“memory”: 424 of 800 calls with a handle (53 %) had it refused; the state took 3 us of a call (p50); handles took 66 bytes per call.',
    });
  });

  it('is neutral where none was refused', () => {
    const { tone, text } = finding('signed')!;
    expect(tone).toBe('neutral');
    expect(text).toContain('none of 800 calls with a handle had it refused');
    expect(finding('signed', { unknown: 1 })?.tone).toBe('bad');
  });

  it('says how many handles were refused after a rotation', () => {
    const { text } = found('signed', { rotated: { calls: 90, unknown: 2 } })[0]!;
    expect(text).toContain('; 2 of 90 whose handle an earlier key had signed had it refused; ');
  });

  it.each([
    [40, 'good', '“signed”: 40 of 40 calls with the handle of another agent were refused.'],
    [39, 'bad', '“signed”: 39 of 40 calls with the handle of another agent were refused.'],
  ])('says that %i of 40 stolen handles were refused', (refused, tone, text) => {
    expect(found('signed', { stolen: { calls: 40, refused } })[1]).toEqual({ tone, text });
    expect(found('signed', {})).toHaveLength(1);
  });

  it('stands among the findings, once for each variant that used handles', () => {
    const said = findings(modelOf(handles())).filter(({ text }) => text.includes('with a handle'));
    expect(said).toHaveLength(HANDLES.length);
    expect(stateFindings(modelOf(oneVariant()))).toEqual([]);
  });
});
