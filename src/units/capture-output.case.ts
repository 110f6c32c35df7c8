/** @module Catches what a test's own process prints. */
import { vi } from 'vitest';

/** What is printed from now on, until the mocks are restored; nothing of it is shown. */
export function captureOutput(): { readonly stdout: string; readonly stderr: string } {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((chunk, encoding?, done?) => {
      said[stream] += String(chunk);
      const callback = typeof encoding === 'function' ? encoding : done;
      callback?.();
      return true;
    });
  }
  return said;
}
