/** Graph tests: reads them, runs them dry, compares the outcome with what they expect. Loaded by whoever runs tests only. */
export { type ParsedSuite, parseSuite } from './parse.ts';
export { caseOfRun, type RecordedRun } from './record.ts';
export { runSuite, type SuiteResult, type SuiteSubject } from './run-suite.ts';
export type { Case, CaseResult, Difference, Suite } from './types.ts';
