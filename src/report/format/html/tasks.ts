/** @module The section of the page about tasks. */
import type { Model } from '../../model.ts';
import { TASK_TABLES } from '../../table/tasks.ts';
import type { Markup } from '../markup.ts';
import { titledTables } from './titled-tables.ts';

/** Nothing where no call became a task. */
export const tasks = (model: Model): readonly Markup[] => titledTables(TASK_TABLES, model);
