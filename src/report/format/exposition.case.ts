/**
 * @module Reads the text exposition format 0.0.4 strictly, for the tests of what writes it. Source:
 * https://prometheus.io/docs/instrumenting/exposition_formats/, "Text format details".
 */

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly help: string;
  readonly type: string;
  readonly unit: string;
  readonly samples: readonly Sample[];
}

export interface Exposed {
  readonly families: ReadonlyMap<string, Family>;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\+Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;

/** Throws on a line that the grammar does not allow, on samples outside of their family, and on a sample or family that comes twice. */
export function readExposition(text: string): Exposed {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { help: string; type: string; unit: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice`);
      families.set(name, { help: rest, type: '', unit: '', samples: [] });
      current = name;
    } else if (keyword !== undefined) {
      if (name !== current) throw new Error(`${line}: not of ${current}`);
      if (families.get(name)!.samples.length > 0) throw new Error(`${line}: after a sample`);
      families.get(name)![keyword === 'TYPE' ? 'type' : 'unit'] = rest;
    } else {
      const sample = sampleIn(line);
      const family = families.get(current)!;
      const ends = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!ends.some((end) => sample.name === `${current}${end}`))
        throw new Error(`${line}: not of ${current}`);
      const key = `${sample.name} ${JSON.stringify(sample.labels)}`;
      if (seen.has(key)) throw new Error(`${line}: comes twice`);
      seen.add(key);
      family.samples.push(sample);
    }
  }
  return { families };
}

function sampleIn(line: string): Sample {
  const [, name, inside = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`${line}: no sample`);
  const labels: Record<string, string> = {};
  for (let rest = inside; rest !== ''; ) {
    const [whole, label, text] = LABEL.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`${line}: no label at ${rest}`);
    labels[label!] = text!.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: Number(value!.replace('+Inf', 'Infinity')) };
}
