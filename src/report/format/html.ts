/** @module Format `html`: the whole report in one self-contained page. */
import { page } from './html/page.ts';
import { type Render, single } from './rendered.ts';

export const html: Render = async (document) => single('report.html', await page(document));
