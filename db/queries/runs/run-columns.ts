/** How the fields of runs and steps become columns. */
import type { RunError, RunStatus, StepRecord } from '../../../graph/run-state/state/types.ts';
import type { TriggerInfo } from '../../../workflows/contract.ts';
import { escapeText } from '../../text.ts';

/** The statuses of a run that has not ended. */
export const OPEN_STATUSES: readonly RunStatus[] = ['running', 'waiting', 'paused'];

/** A value as the text of its JSON; null and undefined are SQL's null. */
export const jsonColumn = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));
/** Text of users as it is stored. */
export const textColumn = (value: string | null | undefined): string | null =>
  value == null ? null : escapeText(value);

/** The part of a trigger that a list shows: without its body, headers and so on. */
export const triggerSummary = ({ id, uses, at, key }: TriggerInfo): TriggerInfo => ({ id, uses, at, key });

/** The run that called this one, which the trigger names, or null. */
export const parentOf = ({ by }: TriggerInfo): string | null =>
  typeof by === 'string' && by.startsWith('run:') ? by.slice('run:'.length) : null;

/** The part of an error that a list shows: without its data. */
export function errorSummary(error: RunError): RunError {
  const { code, message, step: path, node, attempts, unknown } = error;
  const short = message.length > 500 ? `${message.slice(0, 499)}…` : message;
  return { code, message: short, step: path, node, attempts, unknown };
}

/** Longest code that can be filtered by; a row of an index holds at most 2.7 KB. */
const LONGEST_CODE = 200;

/** The code of an error as it is stored, to filter by. */
export const codeColumn = (code: string): string => escapeText(code.slice(0, LONGEST_CODE));

/** A step as a row in JSON: its payload fields hold JSON text. */
export const stepRow = (s: StepRecord, seq: number) => ({
  path: s.path,
  seq,
  node: s.node,
  type: s.type,
  label: textColumn(s.label),
  status: s.status,
  port: s.port ?? null,
  attempts: s.attempts,
  input: jsonColumn(s.input),
  output: jsonColumn(s.output),
  output_ref: jsonColumn(s.outputRef),
  error: jsonColumn(s.error),
  started_at: s.startedAt ?? null,
  ended_at: s.endedAt ?? null,
});
