/** Checks before a run begins: its trigger and its input. The sandbox must not load this: a run begins once. */
export { tooDeep } from './depth.ts';
export { StartError } from './error.ts';
export { type Held, heldOf, holds, releasedOf } from './held.ts';
export { startParts } from './parts.ts';
export { runPriority } from './priority.ts';
export { requireSomethingToDo } from './something-to-do.ts';
export { subjectNow, writtenSubject } from './subject.ts';
export {
  checkInput,
  chooseTrigger,
  defaultInput,
  fieldsOf,
  firingParameter,
  runInput,
  triggerInfo,
  triggerParameters,
} from './trigger.ts';
export type { TriggerInfo } from './trigger-info.ts';
