/** @module What every driver must do, against real servers on loopback that behave well, badly, or not at all. */
import { describe, expect, it } from 'vitest';
import { answers } from './conformance/answers.case.ts';
import { connections } from './conformance/connections.case.ts';
import { encodings } from './conformance/encodings.case.ts';
import { eventStreams } from './conformance/event-streams.case.ts';
import { faults } from './conformance/faults.case.ts';
import { heads } from './conformance/heads.case.ts';
import { postedStreams } from './conformance/posted-streams.case.ts';
import { quirks } from './conformance/quirks.case.ts';
import { type Against, type Skip, suiteFor } from './conformance/suite.case.ts';
import { tls } from './conformance/tls.case.ts';
import type { CreateDriver } from './driver.ts';

export { exchange } from './conformance/suite.case.ts';

export interface DriverSuite extends Against {
  readonly name: string;
  readonly create: CreateDriver;
  readonly skip?: readonly Skip[];
}

/** Runs the suite for one driver. */
export function describeDriver({ name, create, skip = [], ...against }: DriverSuite): void {
  describe(`driver ${name}`, () => {
    const suite = suiteFor(create, skip, against);
    answers(suite);
    eventStreams(suite);
    postedStreams(suite);
    heads(suite);
    encodings(suite);
    quirks(suite);
    faults(suite);
    connections(suite);
    tls(suite);

    it('explains only tests that exist', () => {
      const named = skip.flatMap((entry) => entry.tests);
      expect(named.filter((title) => !suite.titles.has(title))).toEqual([]);
      expect(skip.filter((entry) => entry.reason.length < 20)).toEqual([]);
    });
  });
}
