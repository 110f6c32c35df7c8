/** @module What an instance of either SDK offers at the moment. */
import type { Guard } from '../../guard/guard.ts';
import type { CatalogueChange } from '../catalogue-change.ts';
import type { InstanceInput } from '../instance.ts';
import { changedOffer } from '../offer/offer.ts';
import { started } from '../started.ts';
import type { Tool } from '../tools.ts';
import type { Offered } from './requests.ts';
import { shownTools } from './shown-tools.ts';

/** An offer that changes with the catalogue. */
export interface HeldOffer {
  readonly offered: Offered;
  /** Makes a change; whether there was anything to change. Throws for what is not offered. */
  change(change: CatalogueChange): boolean;
}

/** The offer that an instance begins with. `invalid` and `refuse`: see {@link Offered}; `added`: tools beside those of the catalogue. */
export function holdOffer(
  input: InstanceInput,
  guard: Guard | undefined,
  { invalid, refuse }: Pick<Offered, 'invalid' | 'refuse'>,
  added: readonly Tool[] = [],
): HeldOffer {
  const { offer: first, ...limits } = started(input, added);
  const { offer: offerSettings } = input;
  let offer = first;
  const shownOf = shownTools(guard);
  return {
    offered: {
      ...limits,
      offer: () => offer,
      settings: offerSettings,
      shown: () => shownOf(offer),
      invalid,
      refuse,
    },
    change(change) {
      const next = changedOffer(offer, change, offerSettings);
      const isNew = next !== offer;
      offer = next;
      return isNew;
    },
  };
}
