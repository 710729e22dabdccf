import type { Redactor } from '../../credentials/redact.ts';
import { keepLog, type LogLine, withWorkspace } from '../../db/index.ts';
import type { NodeContext } from '../../integrations/context.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** Most lines that are kept of an attempt: the first ones. */
const MOST_LINES = 200;
/** Longest message, and longest data as JSON, in characters. */
const LONGEST = 4_000;

/** What a node writes into its log. */
export interface StepLog {
  /** The log of an attempt. */
  of(attempt: number, redactor: Redactor): NodeContext['log'];
  /** Keeps the lines with the run, once its attempt has ended. Never fails. */
  keep(): Promise<void>;
}

/** Gathers the lines of a step, and writes them once: most steps log nothing, and cost nothing. */
export function stepLog({ database, log }: Pick<ActivityDeps, 'database' | 'log'>, request: EffectRequest): StepLog {
  const { workspace, runId, step } = request;
  const lines: LogLine[] = [];
  const note = (level: LogLine['level'], attempt: number, message: string, data: object | undefined): void => {
    if (lines.length >= MOST_LINES) return;
    const at = new Date().toISOString();
    lines.push({
      at,
      step,
      attempt,
      seq: lines.length,
      level,
      message: message.slice(0, LONGEST),
      data: shortData(data),
    });
  };
  return {
    of: (attempt, redactor) => {
      const writer = (level: LogLine['level']) => (message: string, data?: object) => {
        const text = redactor.text(message);
        const shown = redactor.value(data);
        log[level]({ ...shown, workspace, run: runId, step, attempt }, text);
        note(level, attempt, text, shown);
      };
      return { info: writer('info'), warn: writer('warn') };
    },
    keep: async () => {
      if (lines.length === 0) return;
      const kept = lines.splice(0);
      await withWorkspace(database, workspace, (tx) => keepLog(tx, { runId, lines: kept }), {
        rebuildable: true,
      }).catch((error: Error) =>
        log.warn({ workspace, run: runId, step, reason: error.message }, 'the log of a step was not kept'),
      );
    },
  };
}

/** Data as JSON; left out if it is too long or no JSON. */
function shortData(data: object | undefined): LogLine['data'] {
  if (data === undefined) return null;
  try {
    const text = JSON.stringify(data);
    return text.length > LONGEST ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
