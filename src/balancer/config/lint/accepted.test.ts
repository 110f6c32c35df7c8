/** @module Proves that the corpus is realistic: nginx and HAProxy accept every file in their language. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf, type ProgramName } from '../../../../test/programs.ts';
import { scratch } from '../../../units/scratch.case.ts';
import { corpus } from './corpus.case.ts';

const folder = scratch();

/** Runs a syntax check. Returns its error output, empty when the check accepts the file. */
function complaints(program: ProgramName, args: readonly string[]): string {
  const { status, stderr } = spawnSync(fileOf(program)!, args, { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? '' : stderr;
}

const of = (kind: string) => corpus.filter((file) => file.kind === kind && file.requires === undefined);

/** `text` with the paths and names that exist only on a server (temporary folders, a user) replaced. */
function inSandbox(text: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  return `pid ${folder}/pid; error_log ${folder}/error.log; ${text
    .replace(/^user .*;$/m, '')
    .replace(/^http \{$/m, `http { ${temporary} access_log off;`)}`;
}

describe('nginx -t', { tags: ['nginx'] }, () => {
  it.each(of('nginx'))('accepts $name', ({ text }) => {
    const path = join(folder, 'nginx.conf');
    mkdirSync(join(folder, 'conf'), { recursive: true });
    writeFileSync(path, inSandbox(text));
    if (existsSync('/etc/nginx/mime.types'))
      copyFileSync('/etc/nginx/mime.types', join(folder, 'mime.types'));
    else writeFileSync(join(folder, 'mime.types'), 'types { }');
    expect(complaints('nginx', ['-t', '-q', '-e', join(folder, 'error.log'), '-p', folder, '-c', path])).toBe(
      '',
    );
  });
});

describe('haproxy -c', { tags: ['haproxy'] }, () => {
  it.each(of('haproxy'))('accepts $name', ({ text }) => {
    const path = join(folder, 'haproxy.cfg');
    writeFileSync(path, text);
    expect(complaints('haproxy', ['-c', '-q', '-f', path])).toBe('');
  });
});

it('marks only the few files that need another nginx', () => {
  const marked = corpus
    .filter(({ requires }) => requires !== undefined)
    .map(({ name, requires }) => `${name}: ${requires}`);
  expect(marked).toEqual([
    'nginx/cookie-stickiness.bad.conf: nginx 1.29.6',
    'nginx/cookie-stickiness.ok.conf: nginx 1.29.6',
    'nginx/snippet.ok.conf: a whole file around it',
  ]);
});
