/** @module The section of the page about flows. */
import type { Model } from '../../model.ts';
import { FLOW_TABLES } from '../../table/flows.ts';
import type { Markup } from '../markup.ts';
import { titledTables } from './titled-tables.ts';

/** Nothing where no mix has flows. */
export const flows = (model: Model): readonly Markup[] => titledTables(FLOW_TABLES, model);
