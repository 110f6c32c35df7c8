/** @module Many requests with a limit on how many are under way. */

export interface InFlightOptions {
  /** How many are under way at most. */
  readonly limit: number;
  /** Called after each one that succeeded, with their number so far. */
  readonly onDone?: ((done: number) => void) | undefined;
  /** Aborted: nothing more begins; what is under way gets the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** The results of `work` for each item, in their order. Rejects with the first failure, after everything under way has ended. */
export async function allInFlight<Item, Result>(
  items: readonly Item[],
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  { limit, onDone, signal }: InFlightOptions,
): Promise<readonly Result[]> {
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const results: Result[] = new Array(items.length);
  const waiting = items.entries();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      either.throwIfAborted();
      results[index] = await work(item, either);
      done += 1;
      onDone?.(done);
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, () =>
    worker().catch((error: unknown) => {
      // Ends the others; the first reason is kept.
      failed.abort(error);
    }),
  );
  await Promise.all(workers);
  either.throwIfAborted();
  return results;
}
