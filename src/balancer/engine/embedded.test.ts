import { testEngineCache } from './cache.case.ts';
import { testEngine } from './engine.case.ts';

testEngine('embedded');
testEngineCache('embedded');
