/** @module The entities that a decision can depend on: the engine reads all that it is given in every call, 10 us for each. */
import type { EntityJson, EntityUid } from '@cedar-policy/cedar-wasm/nodejs';

/** Gives, of `entities`, those that can be reached from `roots`: by parents, attributes and tags. */
export function entitiesAround(
  entities: readonly EntityJson[],
): (roots: readonly EntityUid[]) => EntityJson[] {
  const byName = new Map(entities.map((entity) => [nameOf(entity.uid), entity]));
  return (roots) => {
    const found = new Set<EntityJson>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const entity = byName.get(nameOf(value as EntityUid));
      if (entity !== undefined && !found.has(entity)) {
        found.add(entity);
        visit([entity.parents, entity.attrs, entity.tags]);
      }
      for (const member of Object.values(value)) visit(member);
    };
    for (const root of roots) visit(root);
    return [...found];
  };
}

/** One text for both ways to write the name of an entity; of another object, that of none. */
function nameOf(uid: EntityUid): string {
  const { type, id } = '__entity' in uid ? uid.__entity : uid;
  return JSON.stringify([type, id]);
}
