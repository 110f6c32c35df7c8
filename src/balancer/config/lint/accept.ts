/** @module Checks an Accept header that a balancer sets: MCP needs JSON and event streams in it. */
import type { Spot } from './finding.ts';
import type { Hit } from './rule.ts';

const FORMS = ['application/json', 'text/event-stream'] as const;

/**
 * The finding for a request header that the balancer replaces with `value`. Empty when the header is not Accept, or when the value lists
 * both forms of an answer (Streamable HTTP: clients list both), accepts any type, or is computed (`$http_accept`, `%[...]`).
 */
export function narrowedAccept(at: Spot, name: string, value: string): readonly Hit[] {
  if (name.toLowerCase() !== 'accept' || value === '' || /[$%]|\*\/\*/.test(value)) return [];
  const lacks = FORMS.filter((form) => !value.toLowerCase().includes(form));
  if (lacks.length === 0) return [];
  return [
    {
      at,
      what: `Accept is set to "${value}", without ${lacks.join(' and ')}`,
      why: 'an answer can be JSON or an event stream, and clients accept both; the official servers answer 406 to a call that does not, and other servers send no events',
      fix: 'pass Accept on unchanged',
    },
  ];
}
