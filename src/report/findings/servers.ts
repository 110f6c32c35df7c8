/** @module A finding about variants that differ in era and run different servers: then a comparison says as much of the servers. */
import type { Model, Named } from '../model.ts';
import { list, plain } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** What the instances of a variant run, for people; variants with the same text run the same program. `undefined` of a target. */
function programOf({ variant: { settings } }: Named): string | undefined {
  const { server, era } = settings;
  if (server === null) return undefined;
  // The official SDK has a major version for each era.
  return server === 'sdk' ? `the official SDK ${era === 'stateless' ? '2.x' : '1.x'}` : plain(server);
}

/** One sentence when a compared pair differs in era and runs different servers. */
export function serverFindings({ pairs }: Model): readonly Finding[] {
  const mixed = pairs.filter(({ base, candidate }) => {
    const programs = [programOf(base), programOf(candidate)];
    const [one, other] = [base.variant.settings.era, candidate.variant.settings.era];
    return one !== other && !programs.includes(undefined) && programs[0] !== programs[1];
  });
  if (mixed.length === 0) return [];
  const sides = mixed.flatMap(({ base, candidate }) => [base, candidate]);
  const programs = [...new Set(sides.map(programOf))];
  const parts = programs.map((program) => {
    const names = new Set(
      sides.filter((side) => programOf(side) === program).map(({ name }) => quoted(name)),
    );
    return `${list([...names])} ${names.size === 1 ? 'runs' : 'run'} ${program}`;
  });
  return [
    {
      tone: 'warning',
      text: `Different servers: ${list(parts)}. Comparisons between them include the difference between the servers. \`fleet.server: lean\` runs the same server in both eras.`,
    },
  ];
}
