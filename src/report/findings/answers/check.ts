/** @module The answer about the check of every call: what each way of checking adds to it. */
import { formatMicros } from '../../../units/time.ts';
import { type Authorized, arrivalsText, checked } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { list } from '../../wording.ts';
import { signed } from '../authorization/cost.ts';
import { quoted } from '../finding.ts';

/** Undefined where no variant has a check that is compared with the same load without it. */
export function checkAnswer(model: Model): string | undefined {
  const known = checked(model).filter(({ auth }) => auth.added !== null);
  const [first] = known;
  if (first === undefined) return undefined;
  const bases = [...new Set(known.map(({ auth }) => auth.added!.base))];
  return `Against the same ${arrivalsText(known)} without a check (${list(bases.map(quoted))}), the median call takes ${list(known.map(addedOf))}.`;
}

/** `220 us longer with “jwt” (95 % interval 150 us to 290 us)`. */
function addedOf({ name, auth }: Authorized): string {
  const { p50Us, ciLowUs, ciHighUs } = auth.added!;
  if (ciLowUs === null || ciHighUs === null) {
    return `${longer(p50Us)} with ${quoted(name)} (too few repetitions for an interval)`;
  }
  const interval = `95 % interval ${signed(ciLowUs)} to ${signed(ciHighUs)}`;
  if (ciLowUs <= 0 && ciHighUs >= 0)
    return `${longer(p50Us)} with ${quoted(name)}, which is not certain (${interval})`;
  return `${longer(p50Us)} with ${quoted(name)} (${interval})`;
}

const longer = (us: number): string => `${formatMicros(Math.abs(us))} ${us < 0 ? 'less' : 'longer'}`;
