/** @module The rows of the data of a variant, read from their files, and what is wrong with them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { DataRows, Row } from '../generator/agent/data-values.ts';
import type { Settings } from '../profile/settings.ts';
import { SAVED } from '../profile/template/placeholder.ts';
import { referencesIn } from '../profile/template/template.ts';
import { isObject, jsonIn } from '../protocol/json-object.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** Loaded where a file is CSV. */
const require = createRequire(import.meta.url);

type DataFile = NonNullable<Settings['data']>['files'][number];

/** The rows of all files. Throws a {@link UserError} with every problem of them, and of the columns that calls refer to. */
export async function dataRows(settings: Pick<Settings, 'data' | 'calls'>): Promise<readonly DataRows[]> {
  const { data } = settings;
  if (data === undefined) return [];
  const read = await Promise.all(data.files.map((file) => readRows(file)));
  const sets = read.flatMap((one, index): readonly DataRows[] =>
    'what' in one ? [] : [{ name: data.files[index]!.name, pick: data.pick, rows: one }],
  );
  const problems = [
    ...read.flatMap((one) => ('what' in one ? one : [])),
    ...columnProblems(settings.calls, sets),
  ];
  if (problems.length > 0) throw new UserError(problems);
  return sets;
}

/** The same problems, as a list. */
export async function dataProblems(settings: Pick<Settings, 'data' | 'calls'>): Promise<readonly Problem[]> {
  try {
    await dataRows(settings);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}

async function readRows({ name, path }: DataFile): Promise<readonly Row[] | Problem> {
  const where = `data.${name}`;
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    return { where, what: `${path} ${why}`, expected: 'a CSV file, or a file with JSON lines' };
  }
  const rows = path.endsWith('.csv') ? csvRows(content) : jsonRows(content);
  if (typeof rows === 'string') return { where, what: `${path}: ${rows}` };
  if (rows.length === 0) return { where, what: `${path} has no rows`, expected: 'at least one' };
  return rows;
}

/** The rows, or what is wrong with the text. */
function csvRows(content: string): readonly Row[] | string {
  const { CsvError, parse } = require('csv-parse/sync') as typeof import('csv-parse/sync');
  try {
    return parse(content, { columns: true, bom: true, skip_empty_lines: true }) as Row[];
  } catch (error) {
    if (error instanceof CsvError) return error.message;
    throw error;
  }
}

function jsonRows(content: string): readonly Row[] | string {
  const rows: Row[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = jsonIn(line);
    if (!isObject(row)) return `line ${index + 1} is no JSON object`;
    rows.push(row);
  }
  return rows;
}

/** A column that a call refers to and a row does not have. */
function columnProblems(calls: Settings['calls'], sets: readonly DataRows[]): readonly Problem[] {
  return calls.flatMap((call) =>
    referencesIn([call.arguments ?? null, call.params ?? null, call.uri ?? null]).flatMap(
      ({ source, field }) => {
        const rows = source === SAVED ? undefined : sets.find(({ name }) => name === source)?.rows;
        const lacking = rows?.findIndex((row) => !Object.hasOwn(row, field)) ?? -1;
        if (lacking < 0) return [];
        const row = rows![lacking]!;
        return {
          where: `calls.${call.name}`,
          what: `row ${lacking + 1} of ${source} has no "${field}"`,
          expected: `one of ${Object.keys(row).join(', ')}`,
        };
      },
    ),
  );
}
