import { describe, expect, it } from 'vitest';
import type { StateFigures } from '../../result/measure/state.ts';
import { modelOf } from '../model.ts';
import { oneVariant } from '../sample-document.case.ts';
import { HANDLES, handles, handlesDocument } from '../sample-state.case.ts';
import { findings } from './findings.ts';
import { misuseFaults, stateFindings } from './state.ts';

/** A result of the variants of these names, whose figures have these as well. */
function documentWith(names: readonly string[], figures: Partial<StateFigures>) {
  const document = handlesDocument(HANDLES.filter(({ name }) => names.includes(name)));
  const variants = document.variants.map((variant) => ({
    ...variant,
    summary: { ...variant.summary!, state: { ...variant.summary!.state!, ...figures } },
  }));
  return { ...document, variants };
}

/** The findings about a variant whose figures have these as well. */
const found = (name: string, figures: Partial<StateFigures>) =>
  stateFindings(modelOf(documentWith([name], figures)));

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

  it('says that all stolen handles were refused, in one sentence for all variants', () => {
    const refused = { stolen: { calls: 40, refused: 40 } };
    const of = (names: readonly string[]) => modelOf(documentWith(names, refused));
    expect(misuseFaults(of(['signed']))).toEqual([]);
    expect(stateFindings(of(['signed']))[1]).toEqual({
      tone: 'good',
      text: '“signed”: all 40 calls with the handle of another agent were refused.',
    });
    expect(stateFindings(of(['signed', 'store'])).slice(2)).toEqual([
      {
        tone: 'good',
        text: '“store” and “signed”: all 80 calls with the handle of another agent were refused.',
      },
    ]);
  });

  it('says first that stolen handles were let through', () => {
    const model = modelOf(documentWith(['signed'], { stolen: { calls: 40, refused: 39 } }));
    expect(misuseFaults(model)).toEqual([
      { tone: 'bad', text: '“signed”: 1 of 40 calls with the handle of another agent were let through.' },
    ]);
    expect(stateFindings(model)).toHaveLength(1);
    expect(findings(model)[0]!.text).toContain('were let through');
  });

  it('stands among the findings, once for each variant that used handles', () => {
    const said = findings(modelOf(handles())).filter(({ text }) => text.includes('with a handle'));
    expect(said).toHaveLength(HANDLES.length);
    expect(stateFindings(modelOf(oneVariant()))).toEqual([]);
  });
});
