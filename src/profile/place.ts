/** @module Places in a document: the keys and indexes that lead from the top to a value. */

export type Place = readonly (string | number)[];

/** `fleet.era` as a place; whole numbers are indexes of lists. */
export function parsePath(path: string): Place {
  return path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** `calls[0].arguments` and `['tags', 1]` make `calls[0].arguments.tags[1]`, as messages name it. */
export function placeBelow(path: string, place: Place): string {
  return place.reduce<string>((at, key) => {
    if (typeof key === 'number') return `${at}[${key}]`;
    return at === '' ? key : `${at}.${key}`;
  }, path);
}

/** Whether `place` is `outer`, or lies within it. */
export function isWithin(place: Place, outer: Place): boolean {
  return outer.every((step, index) => place[index] === step);
}
