import { testEngine } from './engine.case.ts';
import { testEngineTls } from './tls.case.ts';

testEngine('haproxy');
testEngineTls('haproxy');
