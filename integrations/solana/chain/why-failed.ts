import type { Json } from '../../../graph/json.ts';

/** A line of a log in which a program says what is wrong, in words. */
const SAID = /^Program log: (?:Error: |AnchorError .*?Error Message: )(.+)$/;

/**
 * Why a transaction would fail, for people: the words of the program that refused it, if it has any, and those of the chain. What a
 * program logs is its own text, so only a little of it is shown.
 */
export function whyFailed(error: Json, logs: readonly string[]): string {
  const said = logs.map((line) => SAID.exec(line)?.[1]).findLast((words) => words !== undefined);
  const code = JSON.stringify(error).slice(0, 200);
  return said === undefined ? code : `${said.slice(0, 200)} (${code})`;
}
