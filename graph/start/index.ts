/** Checks before a run begins: its trigger and its input. Needs a schema library, so the sandbox must not load this. */
export { StartError } from './error.ts';
export { startParts } from './parts.ts';
export { checkAgainst, schemaProblem } from './schema-check.ts';
export { chooseTrigger, runInput, triggerInfo } from './trigger.ts';
export type { TriggerInfo } from './trigger-info.ts';
