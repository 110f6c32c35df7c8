/** @module Families as lines of text, in the part of the grammar that the Prometheus exposition format 0.0.4 and OpenMetrics 1.0 share. */
import { BOUNDS_SECONDS, type Family, type HistogramPoint, type Labels } from './family.ts';

/**
 * The lines of a family in the format 0.0.4: `HELP`, `TYPE`, then its samples. Source:
 * https://prometheus.io/docs/instrumenting/exposition_formats/, "Text-based format".
 */
export const familyLines = (family: Family): readonly string[] => [
  ...headLines(family),
  ...sampleLines(family),
];

/** Those in OpenMetrics, which has the unit before the samples. Source: https://prometheus.io/docs/specs/om/open_metrics_spec/, "UNIT". */
export const openMetricsLines = (family: Family): readonly string[] => [
  ...headLines(family),
  ...unitLine(family),
  ...sampleLines(family),
];

const headLines = ({ kind, name, help }: Family): readonly string[] => [
  `# HELP ${name} ${escapeHelp(help)}`,
  `# TYPE ${name} ${kind}`,
];

/** Names end with the unit, as OpenMetrics demands. */
const unitLine = ({ name, unit }: Family): readonly string[] =>
  unit === '' ? [] : [`# UNIT ${name} ${unit}`];

function sampleLines(family: Family): readonly string[] {
  const { name } = family;
  return family.kind === 'gauge'
    ? family.points.map(({ labels, value }) => sample(name, labels, value))
    : family.points.flatMap((point) => bucketLines(name, point));
}

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
