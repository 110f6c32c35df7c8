/** @module The files of the data of variants: each is read once, and what is wrong with it and with the columns that calls refer to. */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { DataRows, Row } from '../generator/agent/data-values.ts';
import type { Settings } from '../profile/settings.ts';
import { referencesIn } from '../profile/template/template.ts';
import { isObject, jsonIn } from '../protocol/json-object.ts';
import { type Problem, UserError } from '../units/user-error.ts';
import { listOf, nearest } from '../units/words.ts';

/** Loaded where a file is CSV. */
const require = createRequire(import.meta.url);

/** What the data of a variant depends on. */
type DataUse = Pick<Settings, 'data' | 'calls'>;

/** The rows of a file, and the line in which the columns of each stand: of CSV, its header. */
interface DataFile {
  readonly rows: readonly Row[];
  readonly lines: readonly number[];
}

/** Why a file has no rows. */
type Unread = Pick<Problem, 'what' | 'expected' | 'todo'> & { readonly line?: number };

/** The files of an experiment. A file that several variants or trials need is read once, when it is first needed. */
export class DataFiles {
  readonly #files = new Map<string, Promise<DataFile | Unread>>();

  /** The rows of all files. Throws a {@link UserError} with every problem of them, and of the columns that calls refer to. */
  async rowsOf(use: DataUse): Promise<readonly DataRows[]> {
    const { data } = use;
    if (data === undefined) return [];
    const problems = await this.problemsOf(use);
    if (problems.length > 0) throw new UserError(problems);
    const read = await this.#read(data.files);
    return read.flatMap(({ name, file }) =>
      'rows' in file ? [{ name, pick: data.pick, rows: file.rows }] : [],
    );
  }

  /** The same problems, as a list. */
  async problemsOf({ data, calls }: DataUse): Promise<readonly Problem[]> {
    if (data === undefined) return [];
    const read = await this.#read(data.files);
    return read.flatMap(({ name, path, file }) =>
      'what' in file ? unreadProblem(name, path, file) : columnProblems(calls, name, path, file),
    );
  }

  #read(files: NonNullable<Settings['data']>['files']): Promise<readonly ReadData[]> {
    return Promise.all(
      files.map(async (one) => {
        const reading = this.#files.get(one.path) ?? fileAt(one.path);
        this.#files.set(one.path, reading);
        return { ...one, file: await reading };
      }),
    );
  }
}

/** A file of the data, by its name in templates. */
interface ReadData {
  readonly name: string;
  readonly path: string;
  readonly file: DataFile | Unread;
}

/** The place of a problem within a file is its line. */
const unreadProblem = (name: string, path: string, { line, ...problem }: Unread): Problem => ({
  where: line === undefined ? `data.${name}` : `${path}:${line}`,
  ...problem,
});

const EXPECTED = 'a CSV file, or a file with JSON lines';

async function fileAt(path: string): Promise<DataFile | Unread> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    return { what: `${path} ${why}`, expected: EXPECTED };
  }
  if (!isUtf8(bytes)) return { what: `${path} is no UTF-8 text`, expected: EXPECTED };
  const content = bytes.toString('utf8');
  const file = path.endsWith('.csv') ? csvFile(content) : jsonFile(content);
  if ('rows' in file && file.rows.length === 0)
    return { what: `${path} has no rows`, expected: 'at least one' };
  return file;
}

/** The rows, or what is wrong with the text. */
function csvFile(content: string): DataFile | Unread {
  const { CsvError, parse } = require('csv-parse/sync') as typeof import('csv-parse/sync');
  try {
    let names: readonly string[] = [];
    const columns = (found: string[]): string[] => {
      names = found;
      return found;
    };
    const rows: readonly Row[] = parse(content, { columns, bom: true, skip_empty_lines: true });
    const header = content.split('\n').findIndex((line) => line.trim() !== '') + 1;
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined)
      return {
        line: header,
        what: `the header has two columns "${twice}"`,
        expected: 'a name of its own for each column',
        todo: 'rename one of them',
      };
    return { rows, lines: rows.map(() => header) };
  } catch (error) {
    if (error instanceof CsvError) return csvProblem(error);
    throw error;
  }
}

const QUOTED = 'a value with a comma, a quote or a line break in it stands in double quotes';
const CLOSED = 'a comma or the end of the line after the closing double quote of a value';
const TWICE = 'a double quote within a quoted value is written twice: ""';

/** What the codes of the CSV library mean. */
const CSV_PROBLEMS: Readonly<Record<string, Unread>> = {
  CSV_QUOTE_NOT_CLOSED: {
    what: 'the text ends within a value in double quotes',
    expected: 'a closing double quote',
    todo: TWICE,
  },
  CSV_INVALID_CLOSING_QUOTE: { what: 'text follows a closing double quote', expected: CLOSED, todo: TWICE },
  INVALID_OPENING_QUOTE: {
    what: 'a double quote stands within a value without quotes',
    expected: 'double quotes around the whole value, or none in it',
    todo: TWICE,
  },
};

/** A problem that the CSV library has found. */
function csvProblem({ code, ...context }: { readonly code: string }): Unread {
  const { lines, record, columns } = context as Readonly<Record<string, unknown>>;
  const line = typeof lines === 'number' ? { line: lines } : {};
  if (Array.isArray(record) && Array.isArray(columns))
    return {
      ...line,
      what: `the row has ${record.length} of ${columns.length} values`,
      expected: 'as many values as the header has columns',
      todo: QUOTED,
    };
  return {
    ...line,
    ...(CSV_PROBLEMS[code] ?? { what: 'the text is no CSV', expected: EXPECTED, todo: QUOTED }),
  };
}

/** The rows, or what is wrong with the text. */
function jsonFile(content: string): DataFile | Unread {
  const rows: Row[] = [];
  const lines: number[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = jsonIn(line);
    if (!isObject(row))
      return {
        line: index + 1,
        what: 'the line is no JSON object',
        expected: 'one object in each line, such as {"name": "Ann"}',
      };
    rows.push(row);
    lines.push(index + 1);
  }
  return { rows, lines };
}

/** The columns of a file that calls refer to and a row does not have: each once, with the line of the first such row. */
function columnProblems(
  calls: Settings['calls'],
  name: string,
  path: string,
  { rows, lines }: DataFile,
): readonly Problem[] {
  return [...columnsIn(calls, name)].flatMap(([column, users]) => {
    const lacking = rows.findIndex((row) => !Object.hasOwn(row, column));
    if (lacking < 0) return [];
    const columns = Object.keys(rows[lacking]!);
    const near = nearest(column, columns);
    return {
      where: `${path}:${lines[lacking]}`,
      what: `has no "${column}", which is {{${name}.${column}}} in ${listOf(users)}`,
      expected: `one of ${columns.join(', ')}`,
      ...(near !== undefined && { todo: `did you mean {{${name}.${near}}}?` }),
    };
  });
}

/** The columns of the file `name` that `calls` refer to, each with the names of the calls. */
function columnsIn(calls: Settings['calls'], name: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const call of calls) {
    for (const { source, field } of referencesIn([
      call.arguments ?? null,
      call.params ?? null,
      call.uri ?? null,
    ])) {
      if (source !== name) continue;
      found.set(field, (found.get(field) ?? new Set()).add(call.name));
    }
  }
  return new Map([...found].map(([column, users]) => [column, [...users]]));
}
