/** @module What is said while a testbed starts: how many tokens there are, and what a server answers that is no MCP server yet. */
import { plain } from '../report/wording.ts';
import type { Preparation, UnansweredInstance } from '../testbed/preparation.ts';
import { formatMicros } from '../units/time.ts';
import type { Terminal } from './terminal.ts';

/** Shows how far the start of a variant is. */
export type ShowPreparing = (preparation: Preparation, variant: string) => void;

/**
 * Passes counts to `status`, and says what a server answers: once without an answer and once with one for each variant, because all of
 * its instances run the same command, in every trial.
 */
export function preparingOn(
  terminal: Pick<Terminal, 'say'>,
  status: (text: string) => void = () => {},
): ShowPreparing {
  const said = new Set<string>();
  return (preparation, variant) => {
    switch (preparation.what) {
      case 'tokens': {
        const { done, of } = preparation;
        return status(`tokens ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`);
      }
      case 'instance': {
        const key = `${preparation.hasAnswered} ${variant}`;
        if (!said.has(key)) terminal.say(unansweredText(preparation, variant));
        said.add(key);
      }
    }
  };
}

function unansweredText({ instance, seen, withinUs }: UnansweredInstance, variant: string): string {
  return `${plain(variant)}: instance ${instance} does not answer as MCP yet: ${plain(seen)}; asking again for up to ${formatMicros(withinUs)} after its start (fleet.server.ready)`;
}
