/** @module Findings about sessions in a shared store: what it took to ask for them. */
import { statisticOf } from '../../result/measure/distribution.ts';
import type { Model } from '../model.ts';
import { count } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** A sentence for each variant whose servers asked a store for the session of each call. */
export function sessionLookUpFindings({ measured }: Model): readonly Finding[] {
  return measured.flatMap(({ name, summary: { sessions } }): readonly Finding[] => {
    const lookUp = sessions?.lookUp;
    const p50Us = lookUp ? statisticOf(lookUp, 'p50Us') : null;
    if (lookUp === undefined || p50Us === null) return [];
    const p99Us = statisticOf(lookUp, 'p99Us');
    const tail = p99Us === null ? '' : `, ${count(p99Us)} us (p99)`;
    const text = `${quoted(name)}: each call asked the shared store for its session, which took ${count(p50Us)} us (p50)${tail}.`;
    return [{ tone: 'neutral', text }];
  });
}
