/** @module What MCP needs of the Accept header, and what a balancer that sets it must not leave out. */
import type { Spot } from './finding.ts';
import type { Hit } from './rule.ts';

const FORMS = ['application/json', 'text/event-stream'] as const;

/**
 * The finding for a request header that is set, over what the client sent, to `value`; none when it is not Accept, names
 * both forms of an answer (Streamable HTTP: clients list both), takes anything, or is computed (`$http_accept`, `%[...]`).
 */
export function narrowed(at: Spot, name: string, value: string): readonly Hit[] {
  if (name.toLowerCase() !== 'accept' || value === '' || /[$%]|\*\/\*/.test(value)) return [];
  const lacks = FORMS.filter((form) => !value.toLowerCase().includes(form));
  if (lacks.length === 0) return [];
  return [
    {
      at,
      what: `Accept is set to "${value}", without ${lacks.join(' and ')}`,
      why: 'an answer may be JSON or an event stream and clients take both; the official servers answer 406 to a call that does not, and a server that goes on sends no events',
      fix: 'pass Accept on unchanged',
    },
  ];
}
