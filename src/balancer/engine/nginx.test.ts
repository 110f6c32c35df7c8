import { testEngineCache } from './cache.case.ts';
import { testEngine } from './engine.case.ts';
import { installationProblem } from './installed.ts';
import { testEngineTls } from './tls.case.ts';

const { what: tooOld } = (await installationProblem({ engine: 'nginx', policy: 'sticky' })) ?? {};
testEngine('nginx', {
  ...(tooOld !== undefined && { learns: tooOld }),
  counts: 'it has no counts per upstream',
});
// It keeps whole seconds, and one less than it may.
testEngineCache('nginx', 2000);
testEngineTls('nginx');
