/** @module The latest of the values that a task reports, for a consumer that reads at its own pace. */

/**
 * Runs `task`, which may report values at any time, and yields the latest one whenever the consumer is ready: values that
 * were replaced before they were read are skipped, so none accumulate. Returns what the task resolves with; throws what it
 * throws. A consumer that stops early waits for the task, which it must end by other means (an abort signal).
 */
export async function* latestWhile<Value, Result>(
  task: (report: (value: Value) => void) => Promise<Result>,
): AsyncGenerator<Value, Result, void> {
  let latest: { readonly value: Value } | undefined;
  let settled = false;
  let wake: () => void = () => undefined;
  const running = task((value) => {
    latest = { value };
    wake();
  }).finally(() => {
    settled = true;
    wake();
  });
  // Its failure is thrown below, where it is awaited.
  running.catch(() => undefined);
  try {
    while (!settled) {
      if (latest === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        const { value } = latest;
        latest = undefined;
        yield value;
      }
    }
  } finally {
    await running.catch(() => undefined);
  }
  return running;
}
