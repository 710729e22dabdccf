/** How the fields of runs and steps become columns. */
import type { StepRecord } from '../../../graph/run-state/state/types.ts';
import type { TriggerInfo } from '../../../workflows/contract.ts';
import { escapeText } from '../../text.ts';

/** A value as the text of its JSON; null and undefined are SQL's null. */
export const jsonColumn = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));
/** Text of users as it is stored. */
export const textColumn = (value: string | null | undefined): string | null =>
  value == null ? null : escapeText(value);

/** The part of a trigger that a list shows: without its body, headers and so on. */
export const triggerSummary = ({ id, uses, at, key }: TriggerInfo): TriggerInfo => ({ id, uses, at, key });

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
