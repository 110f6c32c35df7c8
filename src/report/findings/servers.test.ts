import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import { modelOf } from '../model.ts';
import { DEMO, documentOf } from '../sample-document.case.ts';
import { findings } from './findings.ts';

/** The demo with a stateless base, whose variants run `servers` in turn. */
function running(...servers: readonly (string | null)[]): ResultDocument {
  const document = documentOf(DEMO);
  return {
    ...document,
    variants: document.variants.map((variant, place) => ({
      ...variant,
      settings: { ...variant.settings, server: servers[place % servers.length]! },
    })),
  };
}

const said = (document: ResultDocument): readonly string[] =>
  findings(modelOf(document))
    .map(({ text }) => text)
    .filter((text) => text.startsWith('Different servers'));

describe('variants of both eras', () => {
  it('on the servers of the official SDK run two of them, and the report says so', () => {
    expect(said(running('sdk'))).toEqual([
      'Different servers: “sessions, round-robin” runs the official SDK 1.x and “stateless, round-robin” runs the official SDK 2.x. Comparisons between them include the difference between the servers. `fleet.server: lean` runs the same server in both eras.',
    ]);
  });

  it.each([['lean'], ['node server.js'], [null]])('on the same server %s do not', (server) => {
    expect(said(running(server))).toEqual([]);
  });
});
