/** @module `completion/complete` of the conformance suite: the names that begin as the user has typed. */
import { isObject } from '../../../protocol/json-object.ts';
import type { OfferedMethod } from '../../tool-answer.ts';

const NAMES = ['paris', 'park', 'party', 'test', 'testing'];

/** Source: MCP 2026-07-28, Completion. */
export const complete: OfferedMethod = ({ params: { ref, argument } }) => {
  const typed = isObject(argument) ? argument['value'] : undefined;
  if (!isObject(ref) || typeof typed !== 'string') {
    return {
      kind: 'refused',
      code: -32602,
      message: 'Invalid params: ref and argument say what to complete',
    };
  }
  const values = NAMES.filter((name) => name.startsWith(typed));
  return { kind: 'result', members: { completion: { values, total: values.length, hasMore: false } } };
};
