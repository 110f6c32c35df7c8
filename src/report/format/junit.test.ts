import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../../test/programs.ts';
import { modelOf } from '../model.ts';
import { comparisonJunit } from '../regression/junit.ts';
import * as samples from '../sample-document.case.ts';
import { longNames, longNamesCompared } from '../sample-long-names.case.ts';
import { renderers } from './formats.ts';
import { junitXml } from './junit-xml.ts';
import { whole } from './rendered.ts';

const SCHEMA = resolve(import.meta.dirname, '../../../test/junit.xsd');

/** Throws what xmllint has to say of a file that the schema does not allow. */
function validate(xml: string | Buffer): void {
  execFileSync(fileOf('xmllint')!, ['--noout', '--schema', SCHEMA, '-'], { input: xml, stdio: 'pipe' });
}

const { allDropped, allFailed, demo, generatorBound, hostile, interrupted, judged, zeroCalls } = samples;
const SAMPLES = {
  allDropped,
  allFailed,
  demo,
  generatorBound,
  hostile,
  interrupted,
  judged,
  longNames,
  zeroCalls,
};

describe('JUnit XML', { tags: ['xmllint'] }, () => {
  it.each(Object.entries(SAMPLES))(
    'of the document "%s" is what the schema of Jenkins allows',
    async (_, make) => {
      const { files } = await renderers.junit(modelOf(make()));
      validate(whole(files[0]!.content));
    },
  );

  it('of hostile names is too', () => {
    const name = `<&"'> ]]> \u0000\u0007 \ud83d\ude00`;
    validate(junitXml(name, [{ name, cases: [{ name, failures: [name], skipped: [] }] }]));
    validate(junitXml(name, []));
  });

  it('of a comparison with long names is too', () => {
    validate(comparisonJunit([longNamesCompared()]));
  });

  it.each([
    ['a case without a name', '<testsuites><testsuite name="a" tests="1"/></testsuites>'],
    ['an unknown element', '<testsuites><suite/></testsuites>'],
  ])('is not just any XML: %s', (_, xml) => {
    expect(() => validate(xml)).toThrow(/fails to validate/);
  });
});
