/** @module Names of variants where only letters, digits and hyphens may stand: in file names and tags. */

/** `02-sessions-sticky`; the place in the document, from 0, keeps names apart that come out alike. */
export function slugOf(name: string, place: number): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return `${String(place + 1).padStart(2, '0')}-${slug || 'variant'}`;
}
