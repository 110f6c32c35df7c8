/** @module The files that the golden command lines read, in a folder of their own. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { oneVariant } from '../../../src/report/sample-document.case.ts';
import { scratch } from '../../../src/units/scratch.case.ts';

const CORPUS = resolve(import.meta.dirname, '../../../src/balancer/config/lint/corpus/nginx');

/** Ten calls of 300 ms in a second: even a busy machine sends them in time. */
const PROFILE = `version: 1
title: golden
load: { rate: 10/s, warmup: 0s, duration: 1s, agents: 8, connections: 8 }
calls: [{ tool: work }]
fleet: { server: lean, era: stateless, instances: 2, tools: { work: 300ms } }
balancer: { policy: round-robin }
`;

/** Three errors of different kinds. */
const WRONG_PROFILE = `version: 1
load: { rate: 400 }
calls: [{ tool: echo, arguments: { text: "{{agnt}}" } }]
flet: { server: lean }
`;

const TARGET_PROFILE = `version: 1
load: { rate: 10/s }
calls: [{ list: tools }]
target: { url: "http://127.0.0.1:9/mcp" }
`;

/** Of another server: a call that was allowed, and one that was decided twice. */
const AUDIT_LOG = `{"trace":{"id":"4bf92f3577b34da6a3ce929d0e0e4736"},"instance":"pod-1","result":"permit","us":210}
{"trace":{"id":"4bf92f3577b34da6a3ce929d0e0e4737"},"instance":"pod-1","result":"permit","us":180}
{"trace":{"id":"4bf92f3577b34da6a3ce929d0e0e4737"},"instance":"pod-2","result":"forbid","reason":"R7","us":1900}
`;

/** A fresh folder with profiles, a result, an audit log and balancer configurations. */
export function inputs(): string {
  const folder = scratch();
  writeFileSync(join(folder, 'profile.yaml'), PROFILE);
  writeFileSync(join(folder, 'wrong.yaml'), WRONG_PROFILE);
  writeFileSync(join(folder, 'target.yaml'), TARGET_PROFILE);
  writeFileSync(join(folder, 'result.json'), JSON.stringify(oneVariant()));
  writeFileSync(join(folder, 'audit.jsonl'), AUDIT_LOG);
  copyFileSync(join(CORPUS, 'plain.ok.conf'), join(folder, 'nginx.conf'));
  copyFileSync(join(CORPUS, 'session-hash-bootstrap.bad.conf'), join(folder, 'wrong.conf'));
  return folder;
}
