import type { Scope } from '../../expression/types.ts';
import type { PlanInline } from '../../plan/types.ts';
import { later, stepOf } from '../state/frames.ts';
import type { Run } from '../state/state.ts';
import type { SideStep } from '../state/step.ts';
import { keepRecord, sideRecordOf } from '../steps/records.ts';
import type { Outcome } from '../steps/settle.ts';
import { errorOf } from '../values/errors.ts';
import { launch } from './launch.ts';

/** Starts an inline effect beside the graph's own steps. */
export function startSide(
  run: Run,
  {
    inline,
    scope,
    ...rest
  }: Pick<SideStep, 'path' | 'role' | 'node' | 'holder'> & { inline: PlanInline; scope: Scope },
): void {
  const step: SideStep = {
    ...rest,
    uses: inline.uses,
    status: 'running',
    port: null,
    output: null,
    error: null,
    startedAt: run.now,
    endedAt: null,
    attempts: 0,
  };
  run.state.side[step.path] = step;
  try {
    launch(run, step, {
      uses: inline.uses,
      effect: inline.effect,
      template: inline.with,
      scope,
      awaited: step.role === 'compensate',
      ...(step.role === 'notify' ? { resume: { step: stepOf(run, step.holder).path } } : {}),
    });
  } catch (thrown) {
    settleSide(run, step, { status: 'failed', error: errorOf(thrown, step, step.node) });
  }
}

/** Ends an inline effect and tells its holder. */
export function settleSide(run: Run, step: SideStep, outcome: Outcome): void {
  delete run.state.side[step.path];
  step.status = outcome.status;
  step.endedAt = run.now;
  if (outcome.status === 'succeeded') step.output = outcome.output;
  else step.error = outcome.error ?? null;
  keepRecord(run, sideRecordOf(step));
  if (step.role === 'compensate') later(run, { then: 'undoStepEnded', step });
  // An approval that nobody is told about must not wait: it fails when its `notify` fails.
  else if (outcome.status === 'failed') later(run, { then: 'failWait', place: step.holder, error: outcome.error });
}
