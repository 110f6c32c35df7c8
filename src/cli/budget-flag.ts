/** @module The flag `--budget`: a budget by its name, or from a file in YAML or JSON. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { BUDGETS, type Budget, budgetOf } from '../result/regression/budget.ts';
import { UserError } from '../units/user-error.ts';

/** Rejects with a `UserError` when there is no such budget, or the file sets none. */
export async function readBudget(text: string): Promise<Budget> {
  if (text === 'default' || text === 'strict') return BUDGETS[text];
  const content = await readFile(text, 'utf8').catch((cause: unknown) => {
    throw new UserError(
      {
        where: '--budget',
        what: `cannot read ${text}`,
        expected: 'default, strict, or a file with a budget',
      },
      { cause },
    );
  });
  return budgetOf(yamlIn(content, text), text);
}

function yamlIn(content: string, file: string): unknown {
  try {
    return parse(content);
  } catch (cause) {
    throw new UserError(
      { where: file, what: 'is not YAML', expected: 'lines such as response_time_p95: 15%' },
      { cause },
    );
  }
}
