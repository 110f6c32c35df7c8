import { describe, expect, it } from 'vitest';
import { modelOf } from '../model.ts';
import { distributionOf, oneVariant } from '../sample-document.case.ts';
import { sessionLookUpFindings } from './session-look-ups.ts';

describe('the finding about sessions in a shared store', () => {
  it('says what each call took to ask for its session, where the servers say so', () => {
    const document = oneVariant();
    const times = Array.from({ length: 200 }, (_, at) => 10 + at / 10);
    const variants = document.variants.map((variant) => {
      const { sessions } = variant.summary!;
      const asked = { ...sessions!, lookUp: distributionOf(times) };
      return { ...variant, summary: { ...variant.summary!, sessions: asked } };
    });
    const [finding, ...more] = sessionLookUpFindings(modelOf({ ...document, variants }));
    expect(more).toEqual([]);
    expect(finding!.text).toMatch(
      /^“.+”: each call asked the shared store for its session, which took \d+ us \(p50\), \d+ us \(p99\)\.$/,
    );
    expect(sessionLookUpFindings(modelOf(document))).toEqual([]);
  });
});
