/** @module Findings about what a server says of keeping its results: what was seen, why it matters, how to fix it. */
import type { InspectionFinding } from '../../inspect/inspection.ts';
import { MEANINGS } from '../../inspect/meanings.ts';
import { inspectionsOf } from '../inspections.ts';
import type { Model, Named } from '../model.ts';
import { list, plain } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** Findings of one kind and severity, and the variants that have one of them. */
interface Group {
  readonly first: InspectionFinding;
  readonly where: Set<string>;
  readonly variants: Set<Named>;
}

/** One sentence for each kind of finding that is bad or a warning, for all variants together. */
export function inspectionFindings(model: Model): readonly Finding[] {
  const inspected = inspectionsOf(model);
  const all = new Set(inspected.flatMap(({ variants }) => variants));
  const groups = new Map<string, Group>();
  for (const { inspection, variants } of inspected) {
    for (const finding of inspection.findings) {
      const those = variants.filter((one) => isNews(finding, one));
      if (those.length === 0) continue;
      const key = `${finding.severity} ${finding.kind}`;
      const group = groups.get(key) ?? { first: finding, where: new Set(), variants: new Set() };
      groups.set(key, group);
      group.where.add(finding.where);
      for (const one of those) group.variants.add(one);
    }
  }
  return [...groups.values()].map((group) => findingOf(group, all.size));
}

/** The servers of Paceline keep nothing where the profile says so: that is no news. */
function isNews({ kind, severity }: InspectionFinding, { variant: { settings } }: Named): boolean {
  const isBuiltIn = settings.server === 'lean' || settings.server === 'sdk';
  return severity !== 'info' && !(kind === 'caching-off' && isBuiltIn);
}

function findingOf({ first, where, variants }: Group, all: number): Finding {
  const { what, why, fix } = MEANINGS[first.kind];
  const names = variants.size === all ? '' : `${list([...variants].map(({ name }) => quoted(name)))}: `;
  const others = where.size > 1 ? ` in ${plain(first.where)}` : '';
  const text = `${names}${list([...where].map(plain))}: ${what} (seen${others}: ${plain(first.evidence)}). This matters because ${why}. To correct it, ${fix}.`;
  return { tone: first.severity === 'bad' ? 'bad' : 'warning', text };
}
