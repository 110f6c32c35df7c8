/** @module One reading: all pages of a list, or the result of a method without pages. */
import type { ResultAnswer } from './answer.ts';
import type { Connection } from './connection.ts';
import type { Reading, Subject } from './seen.ts';

/** Beyond this number of pages, a list is taken to be endless. */
export const MOST_PAGES = 100;

/** Reads `subject` over `connection`, whose place is `place`. */
export async function read(connection: Connection, place: number, subject: Subject): Promise<Reading> {
  const { method, uri } = subject;
  const pages: ResultAnswer[] = [];
  const reading = (missing?: Reading['missing']): Reading => ({
    subject,
    identity: connection.identity,
    connection: place,
    pages,
    ...(missing !== undefined && { missing }),
  });
  const cursors = new Set<string>();
  let params: Readonly<Record<string, string>> = uri === undefined ? {} : { uri };
  while (pages.length < MOST_PAGES) {
    const answer = await connection.ask({ method, params, ...(uri !== undefined && { name: uri }) });
    if (answer === undefined) return reading('time');
    if (answer.kind !== 'result') return reading(answer);
    pages.push(answer);
    const { nextCursor } = answer;
    if (nextCursor === undefined) return reading();
    if (cursors.has(nextCursor)) return reading('repeated-cursor');
    cursors.add(nextCursor);
    params = { cursor: nextCursor };
  }
  return reading('too-many');
}
