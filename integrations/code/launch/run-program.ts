import type { Wall } from '../walls.ts';
import { converse, startChild } from './child.ts';
import { jobOf } from './jobs.ts';
import type { Answer, ParserProgram, Program } from './messages.ts';
import { childForScript, keepSpare } from './spare.ts';

/** The next spare does not take the processor from a script, unless the script takes so long. */
const SPARE_AFTER_MS = 1_000;

/** Runs a program in a child of its own behind a wall, and ends the child whatever happens. */
export async function runProgram(wall: Wall, program: Program | ParserProgram, signal: AbortSignal): Promise<Answer> {
  const job = jobOf(program);
  const { givesWay } = program;
  if ('child' in program) return converse(startChild(wall, { ...job.kind, givesWay }), job, signal);
  const child = childForScript(wall, givesWay);
  const later = setTimeout(keepSpare, SPARE_AFTER_MS, wall);
  const answer = await converse(child, job, signal);
  clearTimeout(later);
  // A crash may mean that the wall does not work here.
  if (answer.kind !== 'crashed') keepSpare(wall);
  return answer;
}
