/** @module Format `json`: the document itself. */
import { type Render, single } from './rendered.ts';

export const json: Render = async (document) =>
  single('result.json', `${JSON.stringify(document, null, 2)}\n`);
