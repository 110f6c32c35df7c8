/** @module What a format makes of a result. */
import type { Model } from '../model.ts';

export interface RenderedFile {
  /** A plain file name without a folder. */
  readonly name: string;
  readonly content: string | Buffer;
}

export interface Rendered {
  /** At least one for every format that has anything to show; SVG and PNG give one per chart, HDR one per variant and series. */
  readonly files: readonly RenderedFile[];
}

/** One line in the table of formats. */
export type Render = (model: Model) => Promise<Rendered>;

/** The one file of a format that has one. */
export const single = (name: string, content: string): Rendered => ({ files: [{ name, content }] });
