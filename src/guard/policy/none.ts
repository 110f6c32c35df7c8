/** @module Policy `none`: every authenticated caller may do everything. */
import type { Policy } from '../guard.ts';

export const nonePolicy: Policy = {
  required: () => [],
  refuse: () => undefined,
  lists: () => true,
  supported: [],
  listsByCaller: false,
};
