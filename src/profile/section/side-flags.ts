/** @module The flags for the sides of an A/B comparison: they put two variants, `a` and `b`, in the place of those of the profile. */
import { UserError } from '../../units/user-error.ts';
import { alternatives, counted } from '../../units/words.ts';
import type { TracedDocument } from '../document/traced-document.ts';
import { parsePath } from '../place.ts';
import type { SectionFlags } from './section.ts';
import { SIDE_FLAGS, SIDE_NAMES, type Sides, type SidesForm } from './sides.ts';
import { isMapping, type Mapping } from './values.ts';

/** The keys that the sides of each form take the place of, and those of them whose loss changes what is measured. */
const REPLACED: Readonly<
  Record<SidesForm['kind'], { readonly keys: readonly string[]; readonly told: readonly string[] }>
> = {
  commands: { keys: ['fleet.tools', 'fleet.offer'], told: ['fleet.tools', 'fleet.offer'] },
  revisions: { keys: [], told: [] },
  targets: { keys: ['fleet', 'target.instances', 'balancer', 'faults'], told: ['balancer.tls', 'faults'] },
};

export const SIDES_FLAGS: SectionFlags = {
  read({ sides }) {
    if (sides === undefined) return { changes: [], problems: [] };
    const { kind } = sides.form;
    const flag = SIDE_FLAGS[kind].join(' and ');
    const tells = ['thresholds', ...REPLACED[kind].told];
    return {
      changes: [
        { flag, changes: 'base', tells, apply: (document) => replaceVariants(document, sides, flag) },
      ],
      problems: [],
    };
  },
  docs: '- The flags of `paceline ab` replace `variants` by two: `a` and `b` ([docs](ab.md)). `thresholds` do not apply.\n',
};

function replaceVariants(document: TracedDocument, { form, variant }: Sides, flag: string): void {
  mergeVariant(document, variant);
  for (const path of ['thresholds', ...REPLACED[form.kind].keys]) document.remove(parsePath(path));
  document.override(
    ['variants'],
    SIDE_NAMES.map((name) => ({ name })),
    { kind: 'flag', flag },
  );
  for (const [at, name] of SIDE_NAMES.entries()) {
    const own = { kind: 'flag', flag: SIDE_FLAGS[form.kind][at]! } as const;
    for (const [path, value] of Object.entries(overridesOf(form, name, document.document)))
      document.override(['variants', at, path], value, own);
  }
}

function overridesOf(form: SidesForm, name: (typeof SIDE_NAMES)[number], { fleet }: Mapping): Mapping {
  switch (form.kind) {
    case 'commands': {
      const server = isMapping(fleet) ? fleet['server'] : undefined;
      const hasFolder = isMapping(server) && server['cwd'] !== undefined;
      return { 'fleet.server.command': form[name], ...(!hasFolder && { 'fleet.server.cwd': form.cwd }) };
    }
    case 'targets':
      return { 'target.url': form[name] };
    case 'revisions':
      return {};
  }
}

/** Makes the chosen variant of the profile the profile itself. The only one needs no choice. */
function mergeVariant(document: TracedDocument, wanted: string | undefined): void {
  const listed = document.document['variants'];
  const variants = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  const names = variants.map((one) => (isMapping(one) ? String(one['name']) : ''));
  const at = wanted === undefined ? (variants.length === 1 ? 0 : -1) : names.indexOf(wanted);
  if (at < 0 && (variants.length > 0 || wanted !== undefined)) throw noSuchVariant(names, wanted);
  const chosen = variants[at];
  if (!isMapping(chosen)) return;
  const { name: _, base: _base, question: _question, ...overrides } = chosen;
  for (const [path, value] of Object.entries(overrides))
    document.override(parsePath(path), value, document.originOf(['variants', at, path]));
}

function noSuchVariant(names: readonly string[], wanted: string | undefined): UserError {
  const known = names.map((name) => `"${name}"`);
  return new UserError({
    where: '--variant',
    what:
      wanted === undefined
        ? `is missing: the profile has ${counted(names.length, 'variant')} of its own, and a and b are two sides of one of them`
        : `the profile has no variant "${wanted}"`,
    expected: known.length === 0 ? 'no variant, as the profile lists none' : alternatives(known),
  });
}
