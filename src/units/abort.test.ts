import { expect, it } from 'vitest';
import { anyAborted } from './abort.ts';

it('is aborted with the first signal, for its reason', () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const any = anyAborted(first.signal, undefined, second.signal);
  expect(any.aborted).toBe(false);
  second.abort('enough');
  expect(any.reason).toBe('enough');
});

it('emits no warning, however many listeners it has', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const any = anyAborted(new AbortController().signal);
  for (let listener = 0; listener < 50; listener += 1) any.addEventListener('abort', () => listener);
  await new Promise(setImmediate);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});
