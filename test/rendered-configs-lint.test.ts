/** @module What `balancer render` prints is what `balancer lint` asks for; the mistake it prints on purpose is found. */
import { describe, expect, it } from 'vitest';
import { lintConfig } from '../src/balancer/config/lint/lint.ts';
import { renderConfig } from '../src/balancer/config/render/render.ts';
import {
  CONFIG_KINDS,
  type ConfigKind,
  POLICY_NAMES,
  type PolicyName,
} from '../src/profile/balancer-kinds.ts';
import { ERAS, type Era } from '../src/profile/kinds.ts';
import { UserError } from '../src/units/user-error.ts';

const FILES: Readonly<Record<ConfigKind, string>> = {
  nginx: 'nginx.conf',
  haproxy: 'haproxy.cfg',
  envoy: 'envoy.yaml',
  kubernetes: 'mcp.yaml',
};

/** Undefined where there is nothing to print. */
function printed(kind: ConfigKind, policy: PolicyName, era: Era): string | undefined {
  try {
    return renderConfig(kind, { policy, era, upstreams: 5, path: '/mcp' });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const all = CONFIG_KINDS.flatMap((kind) =>
  POLICY_NAMES.flatMap((policy) =>
    ERAS.flatMap((era) => {
      const text = printed(kind, policy, era);
      return text === undefined ? [] : [{ kind, policy, era, text }];
    }),
  ),
);

/** Without sessions it is printed as what it comes to. */
const isMistake = ({ policy, era }: { readonly policy: PolicyName; readonly era: Era }): boolean =>
  policy === 'hash-session' && era === 'sessions';

describe('the linter, asked about what is printed', () => {
  it.each(all)('recognises $kind with $policy ($era)', ({ kind, text }) => {
    expect(lintConfig(text, { file: FILES[kind] }).kind).toBe(kind);
  });

  it.each(all.filter((one) => !isMistake(one)))(
    'finds nothing at all in $kind with $policy ($era)',
    ({ kind, text }) => {
      expect(lintConfig(text, { file: FILES[kind], kind }).findings).toEqual([]);
    },
  );

  it.each(all.filter(isMistake))(
    'finds the mistake in $kind with $policy ($era), and nothing else',
    ({ kind, text }) => {
      const { findings } = lintConfig(text, { file: FILES[kind], kind });
      expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
        ['session-hash-bootstrap', 'error'],
      ]);
      expect(text.split('\n')[findings[0]!.line - 1]).toMatch(/session.id/i);
    },
  );
});
