/** What must be right before a run begins: its trigger and its input. Needs a schema library: not for the sandbox. */
export { StartError } from './error.ts';
export { startParts } from './parts.ts';
export { checkAgainst, schemaProblem } from './schema-check.ts';
export { chooseTrigger, runInput, triggerInfo } from './trigger.ts';
export type { TriggerInfo } from './trigger-info.ts';
