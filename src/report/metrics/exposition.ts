/** @module Families as lines of text, in the part of the grammar that the Prometheus exposition format 0.0.4 and OpenMetrics 1.0 share. */
import { BOUNDS_SECONDS, type Family, type HistogramPoint, type Labels } from './family.ts';

/**
 * The lines of a family: `HELP`, `TYPE`, then its samples. Source: https://prometheus.io/docs/instrumenting/exposition_formats/,
 * "Text-based format".
 */
export function familyLines(family: Family): readonly string[] {
  const { kind, name, help } = family;
  const samples =
    kind === 'gauge'
      ? family.points.map(({ labels, value }) => sample(name, labels, value))
      : family.points.flatMap((point) => bucketLines(name, point));
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${kind}`, ...samples];
}

/** The unit as OpenMetrics has it, after the type; only where the name ends with it, as it demands. */
export const unitLine = ({ name, unit }: Family): readonly string[] =>
  unit === '' ? [] : [`# UNIT ${name} ${unit}`];

function bucketLines(name: string, { labels, counts, sumSeconds }: HistogramPoint): readonly string[] {
  let below = 0;
  const buckets = counts.map((count, at) => {
    below += count;
    return sample(`${name}_bucket`, { ...labels, le: String(BOUNDS_SECONDS[at] ?? '+Inf') }, below);
  });
  return [...buckets, sample(`${name}_sum`, labels, sumSeconds), sample(`${name}_count`, labels, below)];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');
