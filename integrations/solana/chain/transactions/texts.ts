import type { Json } from '../../../../graph/json.ts';
import { MEMO_PROGRAMS } from '../programs.ts';
import { list, text } from '../values.ts';
import type { DecodedInstruction, DecodedTransaction } from './decoded.ts';

/** The chain keeps 10 KB of a log, but a provider may be set up to keep more. */
const LARGEST_LOG = 65_536;

/** What the chain writes in place of the rest of a log. */
const CUT = 'Log truncated';

/** Texts that were handed to a memo program. */
export const readMemos = (instructions: readonly DecodedInstruction[]): string[] =>
  instructions
    .filter(({ program }) => MEMO_PROGRAMS.includes(program))
    .map(({ data }) => Buffer.from(data, 'base64').toString('utf8'));

/** The log, up to a size; only whole lines. */
export function readLogs(value: Json): Pick<DecodedTransaction, 'logs' | 'logsCut'> {
  const lines = list(value ?? []).map(text);
  let size = 0;
  const ends = lines.findIndex((line) => {
    size += line.length + 1;
    return size > LARGEST_LOG;
  });
  const logs = ends < 0 ? lines : lines.slice(0, ends);
  return { logs, logsCut: ends >= 0 || lines.includes(CUT) };
}
