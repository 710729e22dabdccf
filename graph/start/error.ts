import type { Problem } from '../problems/problem.ts';

/** Why a run cannot be started with the given trigger and input. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code:
    | 'trigger.unknown'
    | 'trigger.declined'
    | 'trigger.expression'
    | 'input.invalid'
    | 'schema.tooCostly'
    | 'vars.tooLarge'
    | 'run.tooDeep';
  /** What is wrong with the input, by JSON Pointer. */
  readonly problems: readonly Problem[] | undefined;

  constructor(code: StartError['code'], message: string, problems?: readonly Problem[]) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
