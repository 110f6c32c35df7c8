import { testEngine } from './engine.case.ts';

testEngine('embedded');
