/** Graph tests: reads them, runs them dry, compares the outcome with what they expect. Loaded by whoever runs tests only. */
export { type ParsedSuite, parseSuite } from './parse.ts';
export { playCase } from './play.ts';
export { caseOfRun, type RecordedRun } from './record.ts';
export { runSuite, type SuiteResult, type SuiteSubject, withDefaults } from './run-suite.ts';
export type { Case, CaseResult, Difference, Played, Suite } from './types.ts';
