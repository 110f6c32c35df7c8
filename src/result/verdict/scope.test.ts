/** @module Thresholds on one tool, instance or identity. */
import { describe, expect, it } from 'vitest';
import type { Check } from '../document.ts';
import { cellOf, withAuth } from '../measure/auth.case.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { check } from './judge.ts';

const calls = recordingOf([
  { count: 1999, responseUs: 10_000, servedBy: '1' },
  { count: 1, responseUs: 90_000, servedBy: '1', outcome: 'tool-error' },
  { count: 1000, responseUs: 30_000, servedBy: '2', call: 1 },
]);
const cells = [
  cellOf({ identity: 'reader', call: 'tools/call echo', expected: 'forbidden', allowed: 3, forbidden: 5 }),
  cellOf({ identity: 'reader', call: 'tools/list', allowed: 7, unauthorized: 2 }),
  cellOf({ identity: 'writer', call: 'tools/call echo', allowed: 9 }),
];
const variant = variantOf('v', [withAuth(calls, { cells })]);

const one = (threshold: string): Check => check([variant], [threshold])[0]!;

describe('a threshold with braces', () => {
  it.each<[string, Check['status'], string]>([
    ['p(99.9){tool:echo} < 20ms', 'pass', '10 ms'],
    ['p(99){call:tools/list} < 20ms', 'fail', '30 ms'],
    ['service_time p(99){tool:echo} < 20ms', 'pass', '10 ms'],
    ['error_rate{tool:echo} < 0.1%', 'pass', '0.05 %'],
    ['p(99){instance:1} < 20ms', 'pass', '10 ms'],
    ['p(99){instance:2} < 20ms', 'fail', '30 ms'],
    ['error_rate{instance:1} < 1%', 'pass', '0.05 %'],
    ['error_rate{instance:2} == 0', 'pass', '0 %'],
    ['all_response_time max{instance:1} < 20ms', 'fail', '90 ms'],
    ['all_response_time p(99){instance:1} < 20ms', 'pass', '10 ms'],
    ['all_response_time p(99){instance:2} < 20ms', 'fail', '30 ms'],
    ['all_response_time mean{instance:2} < 40ms', 'pass', '30 ms'],
    ['wrong_allows{identity:reader} == 0', 'fail', '3 calls wrongly allowed'],
    ['wrong_allows{identity:writer} == 0', 'pass', '0 calls wrongly allowed'],
    ['wrong_denies{identity:reader} == 0', 'fail', '2 calls wrongly refused'],
    ['wrong_denies{identity:reader, tool:echo} == 0', 'pass', '0 calls wrongly refused'],
    ['wrong_status{identity:reader} == 0', 'pass', '0 refused calls with 401 for 403 or the reverse'],
  ])('%s: %s, %s', (threshold, status, measured) => {
    expect(one(threshold)).toMatchObject({ status, measured });
  });

  it.each([
    [
      'p(99){tool:search} < 1s',
      'no call is named "tools/call search"; there are "tools/call echo", "tools/list"',
    ],
    ['all_response_time max{instance:7} < 1s', 'no instance is named "7"; there are "1", "2"'],
    ['wrong_allows{identity:root} == 0', 'no identity is named "root"; there are "reader", "writer"'],
    ['all_response_time p(42){instance:1} < 1s', 'the result has no histogram of it'],
  ])('is not judged: %s, %s', (threshold, why) => {
    expect(one(threshold)).toMatchObject({ status: 'inconclusive', why });
  });
});
