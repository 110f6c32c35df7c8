/** @module Findings about the streams on which agents are told of changes: held, lost, refused. */
import { cached } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { count, list, plural } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** A sentence for each variant whose agents held streams. */
export function streamFindings(model: Model): readonly Finding[] {
  return cached(model).flatMap(({ name, cache: { subscriptions } }): readonly Finding[] => {
    if (subscriptions === null) return [];
    const { held, refused, reduced, lost, reopened, notifications } = subscriptions;
    const troubles = [
      ...(refused > 0 ? [plural(refused, 'was refused', 'were refused')] : []),
      ...(reduced > 0 ? [`${plural(reduced, 'was', 'were')} acknowledged for less than was asked for`] : []),
      ...(lost > 0 ? [`${plural(lost, 'was', 'were')} lost and ${count(reopened)} opened anew`] : []),
    ];
    const heard = `${plural(held, 'stream')} (subscriptions/listen) held at the same time, ${plural(notifications, 'notification')}`;
    const rest = troubles.length === 0 ? ', none lost' : `; ${list(troubles)}`;
    return [
      { tone: troubles.length === 0 ? 'neutral' : 'warning', text: `${quoted(name)}: ${heard}${rest}.` },
    ];
  });
}
