import { describe, expect, it } from 'vitest';
import { modelOf } from '../model.ts';
import { oneVariant } from '../sample-document.case.ts';
import { HANDLES, handles, handlesDocument } from '../sample-state.case.ts';
import { findings } from './findings.ts';
import { stateFindings } from './state.ts';

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

  it('stands among the findings, once for each variant that used handles', () => {
    const said = findings(modelOf(handles())).filter(({ text }) => text.includes('with a handle'));
    expect(said).toHaveLength(HANDLES.length);
    expect(stateFindings(modelOf(oneVariant()))).toEqual([]);
  });
});
