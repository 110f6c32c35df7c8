/** @module What a client answers by rule when a server asks for input. Source: MCP 2026-07-28, Multi Round-Trip Requests, Elicitation, Sampling and Roots. */
import { isObject, type JsonObject } from '../json-object.ts';
import { formContent } from './form-answer.ts';

/** What a server may ask for: a form, a visit to a URL, the client's roots, a message of its model. */
export const INPUT_KINDS = ['form', 'url', 'roots', 'sampling'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** How a client answers. */
export interface InputRules {
  /** What it answers, and says that it can. */
  readonly kinds: readonly InputKind[];
  /** URIs of its roots. */
  readonly roots: readonly string[];
  /** What its model says. */
  readonly text: string;
}

/** The answer to one entry of `inputRequests`; undefined when the client has none: a kind that it does not answer, or a form that cannot be filled in. */
export function inputAnswer(request: unknown, rules: InputRules): JsonObject | undefined {
  const kind = kindOf(request);
  if (kind === undefined || !rules.kinds.includes(kind)) return undefined;
  switch (kind) {
    case 'form': {
      const content = formContent(paramsOf(request)['requestedSchema']);
      return content && { action: 'accept', content };
    }
    case 'url':
      return { action: 'accept' };
    case 'roots':
      return { roots: rules.roots.map((uri) => ({ uri })) };
    case 'sampling':
      return {
        role: 'assistant',
        content: { type: 'text', text: rules.text },
        model: 'paceline',
        stopReason: 'endTurn',
      };
  }
}

/** The answers to `requests`, under the same keys; undefined when one of them has none. */
export function inputAnswers(requests: JsonObject, rules: InputRules): JsonObject | undefined {
  const answers = Object.entries(requests).map(
    ([key, request]) => [key, inputAnswer(request, rules)] as const,
  );
  return answers.some(([, answer]) => answer === undefined) ? undefined : Object.fromEntries(answers);
}

/** What a client with `kinds` declares in `clientCapabilities`. */
export function inputCapabilities(kinds: readonly InputKind[]): JsonObject {
  const has = (kind: InputKind): boolean => kinds.includes(kind);
  const modes = { ...(has('form') && { form: {} }), ...(has('url') && { url: {} }) };
  return {
    ...((has('form') || has('url')) && { elicitation: modes }),
    ...(has('roots') && { roots: {} }),
    ...(has('sampling') && { sampling: {} }),
  };
}

function kindOf(request: unknown): InputKind | undefined {
  switch (isObject(request) ? request['method'] : undefined) {
    case 'elicitation/create':
      // A request without a mode is a form. Source: MCP 2026-07-28, Elicitation.
      return paramsOf(request)['mode'] === 'url' ? 'url' : 'form';
    case 'roots/list':
      return 'roots';
    case 'sampling/createMessage':
      return 'sampling';
    default:
      return undefined;
  }
}

function paramsOf(request: unknown): JsonObject {
  const params = isObject(request) ? request['params'] : undefined;
  return isObject(params) ? params : {};
}
