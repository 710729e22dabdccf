import type { Json } from '../../../graph/json.ts';

/** A line that a program has logged itself, and how programs say which of their instructions runs. */
const LOGGED = /^Program log: (?:Error: |AnchorError .*Error Message: )?(.+)$/;
const NAMED = /^Program log: Instruction: /;

/**
 * Why a transaction would fail, for people: the last words of the program that refused it, if it has any, and those of the chain.
 * What a program logs is its own text, so only a little of it is shown.
 */
export function whyFailed(error: Json, logs: readonly string[]): string {
  const code = JSON.stringify(error).slice(0, 200);
  const called = logs.findLastIndex((line) => / invoke \[\d+\]$/.test(line));
  const words = logs.slice(called + 1).findLast((line) => LOGGED.test(line) && !NAMED.test(line));
  const [, said] = LOGGED.exec(words ?? '') ?? [];
  return said === undefined ? code : `${said.slice(0, 200)} (${code})`;
}
