/** @module What the parent asks of an instance to change what it offers. */

/** A change of what an instance offers, or the word that a resource has changed. */
export interface CatalogueChange {
  /** How often the catalogue has changed, this time included: what later answers say as their version. */
  readonly version: number;
  /** What changes. `resource`: the text of one resource. */
  readonly what: 'tools' | 'prompts' | 'resources' | 'resource';
  /** `tools`: this tool has the new name from now on, and is not known by the old one. */
  readonly renamed?: { readonly from: string; readonly to: string };
  /** How many generated entries are added to the list. */
  readonly added?: number;
  /** `resource`. */
  readonly uri?: string;
  /** Whether clients that hold a stream for it are told. */
  readonly notify: boolean;
}

/** A message of the parent. */
export interface CatalogueQuestion {
  readonly kind: 'catalogue';
  readonly change: CatalogueChange;
}
