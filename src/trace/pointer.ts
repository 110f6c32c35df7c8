/** @module JSON pointers: where in a JSON value something stands. Source: RFC 6901. */

/** The pointer that leads one step further. */
export function below(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The value at `pointer`; undefined when there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>(stepInto, value);
}

/** `value` with `put` at `pointer`. What is not on the way there is shared with `value`. A place that does not exist is left out. */
export function withValueAt(value: unknown, pointer: string, put: unknown): unknown {
  return replaced(value, stepsOf(pointer), put);
}

function replaced(value: unknown, [step, ...rest]: readonly string[], put: unknown): unknown {
  if (step === undefined) return put;
  if (stepInto(value, step) === undefined) return value;
  if (Array.isArray(value)) return value.with(Number(step), replaced(value[Number(step)], rest, put));
  return { ...(value as object), [step]: replaced(stepInto(value, step), rest, put) };
}

function stepInto(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[step];
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
