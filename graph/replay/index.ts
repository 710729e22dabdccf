/** Repeating runs: what a re-run takes over, how two runs differ, and what a single step needs. Pure. */
export { COMPARED, compareRuns, type StepComparison } from './compare.ts';
export { partFrom } from './part-from.ts';
export { indexIn, isInside, nodeAtPath } from './paths.ts';
export { givenSteps, type Repeat, type TakeOver, takeOverFrom } from './take-over.ts';
export { upTo } from './up-to.ts';
