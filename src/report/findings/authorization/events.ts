/** @module Findings about what happened to the authorization server and to clocks: their consequences are in all figures of the variants. */
import type { VariantSettings } from '../../../result/settings.ts';
import { formatMicros } from '../../../units/time.ts';
import { type Authorized, authorized } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { list } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

type Event = NonNullable<NonNullable<VariantSettings['effective']>['events']>[number];

/** One sentence per event that no variant's rights follow from, with the variants that had it. */
export function eventFindings(model: Model): readonly Finding[] {
  const all = authorized(model);
  const said = new Map<string, Authorized[]>();
  for (const one of all) {
    for (const event of one.variant.settings.effective?.events ?? []) {
      const text = textOf(event);
      if (text !== undefined) said.set(text, [...(said.get(text) ?? []), one]);
    }
  }
  return [...said].map(([text, ones]) => ({
    tone: 'neutral',
    text: `${text}, as the profile says; the figures of ${of(ones, all)} contain what followed.`,
  }));
}

function of(ones: readonly Authorized[], all: readonly Authorized[]): string {
  if (ones.length === all.length) return all.length === 1 ? quoted(all[0]!.name) : 'all variants';
  return list(ones.map(({ name }) => quoted(name)));
}

/** `undefined` for a change of rights, which has findings of its own. */
function textOf({ kind, atUs, forUs, instance, byUs = 0 }: Event): string | undefined {
  const span = `from ${formatMicros(atUs)} of the measured time for ${formatMicros(forUs)}`;
  switch (kind) {
    case 'serverDown':
      return `The authorization server did not answer instances ${span}`;
    case 'rotateKeys':
      return `The authorization server began to sign with a new key at ${formatMicros(atUs)} of the measured time`;
    case 'skewClock':
      return `The clock of instance ${instance ?? 1} was ${formatMicros(Math.abs(byUs))} ${byUs < 0 ? 'behind' : 'ahead'} ${span}`;
    default:
      return undefined;
  }
}
