/** @module Places in a document: the keys and indexes that lead from the top to a value. */

export type Place = readonly (string | number)[];

/** `fleet.era` as a place; whole numbers are indexes of lists. */
export function parsePath(path: string): Place {
  return path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** The place as messages show it: `calls[0].arguments` and `['tags', 1]` give `calls[0].arguments.tags[1]`. */
export function placeBelow(path: string, place: Place): string {
  return place.reduce<string>((at, key) => {
    if (typeof key === 'number') return `${at}[${key}]`;
    return at === '' ? key : `${at}.${key}`;
  }, path);
}

/** Whether `place` is `outer` or is inside it. */
export function isWithin(place: Place, outer: Place): boolean {
  return outer.every((step, index) => place[index] === step);
}
