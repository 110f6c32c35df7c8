/** @module Findings about calls that servers asked back: how many, where the retries landed, and what became of them there. */
import type { Measured, Model } from '../model.ts';
import { count, list, plural } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

type Rounds = NonNullable<Measured['summary']['rounds']>;

/** A sentence or more for each variant whose agents answered, or were to answer. */
export function roundFindings({ measured }: Model): readonly Finding[] {
  return measured.flatMap(({ name, summary: { rounds } }): readonly Finding[] => {
    if (rounds === undefined || (rounds.asked === 0 && rounds.retries === 0)) return [];
    const text = [askedText(rounds), ...landedText(rounds), ...endedText(rounds)].join('; ');
    return [{ tone: isBad(rounds) ? 'bad' : 'neutral', text: `${quoted(name)}: ${text}.` }];
  });
}

const isBad = ({ sameFailed, elsewhereFailed, refused, capped, unanswered }: Rounds): boolean =>
  sameFailed + elsewhereFailed + refused + capped + unanswered > 0;

function askedText({ asked, perCall, mostRounds, handOffs = 0 }: Rounds): string {
  const rounds =
    perCall === null ? '' : `, ${perCall.toFixed(2)} rounds per such call, at most ${count(mostRounds)}`;
  const why = handOffs === 0 ? '' : ` or handed on (${plural(handOffs, 'hand-off')})`;
  return `${callsWere(asked)} asked back for input${why}${rounds}`;
}

const callsWere = (calls: number): string => `${plural(calls, 'call')} ${calls === 1 ? 'was' : 'were'}`;

function landedText(rounds: Rounds): readonly string[] {
  const { retries, same, elsewhere, elsewhereFailed, elsewhereRefused, sameFailed, sameRefused } = rounds;
  const known = same + elsewhere;
  if (known === 0)
    return [`${plural(retries, 'retry', 'retries')}, from instances that did not name themselves`];
  return [
    `${count(elsewhere)} of ${plural(known, 'retry', 'retries')} reached another instance than the one that had asked${fate(elsewhere, elsewhereFailed, elsewhereRefused)}`,
    ...(sameFailed > 0
      ? [`${count(same)} reached the one that had asked${fate(same, sameFailed, sameRefused)}`]
      : []),
  ];
}

/** What became of `reached` retries: `: 412 of these were refused (-32602 invalid_request_state)`. */
function fate(reached: number, failed: number, refused: number): string {
  if (reached === 0) return '';
  if (failed === 0) return ': none of these failed';
  const why = '(-32602 invalid_request_state)';
  if (refused === failed) return `: ${count(refused)} of these were refused ${why}`;
  return `: ${count(failed)} of these failed${refused === 0 ? '' : `, ${count(refused)} of them refused ${why}`}`;
}

function endedText({ capped, unanswered }: Rounds): readonly string[] {
  const ends = [
    ...(capped > 0 ? [`${plural(capped, 'call')} ended because of too many rounds`] : []),
    ...(unanswered > 0 ? [`${callsWere(unanswered)} asked for input that agents do not give`] : []),
  ];
  return ends.length === 0 ? [] : [list(ends)];
}
