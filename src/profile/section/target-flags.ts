/** @module The flags `--target` and `--header`. */
import type { Problem } from '../../units/user-error.ts';
import type { TracedDocument } from '../document/traced-document.ts';
import { headerIn } from '../header-flag.ts';
import type { FlagChange, SectionFlags } from './section.ts';
import { isMapping, type Mapping } from './values.ts';

export const TARGET_FLAGS: SectionFlags = {
  read({ target, headers = [] }) {
    const read = headers.map(readHeader);
    return {
      changes: [
        ...(target === undefined ? [] : [pointAt(target)]),
        ...read.flatMap((one) => ('changes' in one ? one : [])),
      ],
      problems: read.flatMap((one) => ('changes' in one ? [] : one)),
    };
  },
  docs: `- \`--target URL\` replaces \`fleet\` and \`balancer\`; overrides of those in variants do not apply, and variants that are identical without them are
  run once.
- \`--header 'Name: value'\` is added to the headers of the target, and replaces a header of that name in the profile. As with \`target.headers\`, a header
  that MCP sets too is replaced: \`--header 'Mcp-Method: other'\` sends \`other\` with every request.
`,
};

function pointAt(url: string): FlagChange {
  const flag = '--target';
  return {
    flag,
    changes: 'variants',
    apply: (document) => document.override(['target', 'url'], url, { kind: 'flag', flag }),
    removes: ['fleet', 'target.instances', 'balancer', 'faults'],
    tells: ['balancer.tls', 'faults'],
  };
}

function readHeader(text: string): FlagChange | Problem {
  const header = headerIn(text, '--header');
  if ('where' in header) return header;
  const { name, value } = header;
  const flag = `--header ${name}`;
  return {
    flag,
    changes: 'variants',
    apply: (document) => setHeader(document, name, value, flag),
    needs: {
      key: 'target',
      problem: {
        where: '--header',
        what: 'there is no target to send the header to',
        todo: 'add --target, or use a profile with a target',
      },
    },
  };
}

/** Sets a header; names of headers are not case-sensitive. */
function setHeader(document: TracedDocument, name: string, value: string, flag: string): void {
  const { target } = document.document;
  if (!isMapping(target)) return;
  const headers: Mapping = isMapping(target['headers']) ? target['headers'] : {};
  for (const known of Object.keys(headers))
    if (known.toLowerCase() === name.toLowerCase()) document.remove(['target', 'headers', known]);
  document.override(['target', 'headers', name], value, { kind: 'flag', flag });
}
