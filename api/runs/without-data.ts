import type { WireRun } from './schema.ts';

/** A run for whoever may see what it does, and not with which data. */
export const withoutData = (run: WireRun): WireRun => ({
  ...run,
  isWithoutData: true,
  trigger: { id: run.trigger.id, uses: run.trigger.uses, at: run.trigger.at, key: run.trigger.key },
  input: null,
  output: null,
  error: run.error && plainError(run.error),
  steps: run.steps.map(plainStep),
  waits: run.waits.map(({ step, kind, event, key, until, since }) => ({ step, kind, event, key, until, since })),
});

const plainStep = (step: WireRun['steps'][number]): WireRun['steps'][number] => {
  const { path, node, type, label, status, port, attempts, startedAt, endedAt, error } = step;
  return { path, node, type, label, status, port, attempts, startedAt, endedAt, error: error && plainError(error) };
};

const plainError = ({
  code,
  message,
  step,
  node,
  attempts,
  unknown,
}: NonNullable<WireRun['error']>): NonNullable<WireRun['error']> => ({ code, message, step, node, attempts, unknown });
