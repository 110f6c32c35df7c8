/** @module Answers to what servers ask for. */
import { describe, expect, it } from 'vitest';
import {
  INPUT_KINDS,
  type InputRules,
  inputAnswer,
  inputAnswers,
  inputCapabilities,
} from './input-answer.ts';

const RULES: InputRules = { kinds: INPUT_KINDS, roots: ['file:///work'], text: 'Yes.' };
const SCHEMA = { type: 'object', properties: { ok: { type: 'boolean', default: true } } };

const FORM = {
  method: 'elicitation/create',
  params: { mode: 'form', message: '?', requestedSchema: SCHEMA },
};
const URL_VISIT = { method: 'elicitation/create', params: { mode: 'url', url: 'https://a.b', message: '?' } };
const ROOTS = { method: 'roots/list' };
const SAMPLING = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 10 } };

describe('the answer to a request for input', () => {
  it.each([
    ['a form', FORM, { action: 'accept', content: { ok: true } }],
    [
      'a form that does not name its mode',
      { ...FORM, params: { requestedSchema: SCHEMA } },
      { action: 'accept', content: { ok: true } },
    ],
    ['a visit to a URL', URL_VISIT, { action: 'accept' }],
    ['roots', ROOTS, { roots: [{ uri: 'file:///work' }] }],
    [
      'a message of the model',
      SAMPLING,
      {
        role: 'assistant',
        content: { type: 'text', text: 'Yes.' },
        model: 'paceline',
        stopReason: 'endTurn',
      },
    ],
  ])('is given for %s', (_, request, answer) => {
    expect(inputAnswer(request, RULES)).toEqual(answer);
  });

  it.each([
    ['another method', { method: 'tools/call' }],
    ['what is no request', 'elicitation/create'],
    ['a form without a schema', { method: 'elicitation/create', params: { mode: 'form' } }],
  ])('is not given for %s', (_, request) => {
    expect(inputAnswer(request, RULES)).toBeUndefined();
  });

  it('is not given for a kind that the client does not answer', () => {
    const rules: InputRules = { ...RULES, kinds: ['form'] };
    expect(inputAnswer(FORM, rules)).toBeDefined();
    for (const request of [URL_VISIT, ROOTS, SAMPLING]) expect(inputAnswer(request, rules)).toBeUndefined();
  });
});

describe('the answers to several requests', () => {
  it('have the keys of the requests', () => {
    expect(inputAnswers({ a: FORM, 'b c': ROOTS, __proto: URL_VISIT }, RULES)).toEqual({
      a: { action: 'accept', content: { ok: true } },
      'b c': { roots: [{ uri: 'file:///work' }] },
      __proto: { action: 'accept' },
    });
    expect(inputAnswers({}, RULES)).toEqual({});
  });

  it('are all given, or none', () => {
    expect(inputAnswers({ a: FORM, b: { method: 'ping' } }, RULES)).toBeUndefined();
  });
});

describe('the declared capabilities', () => {
  it('are those of the kinds', () => {
    expect(inputCapabilities(INPUT_KINDS)).toEqual({
      elicitation: { form: {}, url: {} },
      roots: {},
      sampling: {},
    });
    expect(inputCapabilities(['form'])).toEqual({ elicitation: { form: {} } });
    expect(inputCapabilities(['url'])).toEqual({ elicitation: { url: {} } });
    expect(inputCapabilities([])).toEqual({});
  });
});
