/** @module The section of the page about connections. */
import type { Model } from '../../model.ts';
import { transports as connections } from '../../table/transports.ts';
import type { Markup } from '../markup.ts';
import { titledTables } from './titled-tables.ts';

/** Nothing where there is nothing to say of them. */
export const transports = (model: Model): readonly Markup[] => titledTables([connections], model);
