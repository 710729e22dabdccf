import { ApplicationFailure, type Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { NotedChange } from '../../db/index.ts';
import type { EffectResult } from '../../workflows/contract.ts';
import { requestOf } from '../base/request-of.ts';
import { thrownOutcome } from '../base/thrown-outcome.ts';
import type { StepReporter } from './reporter.ts';

/** Tells those who follow a run that a step of it begins, has failed for now, or has ended. Of other runs it tells nothing. */
export const reportSteps =
  (reporter: StepReporter) =>
  ({ info }: Context): ActivityInterceptors => ({
    inbound: {
      execute: async (input, next) => {
        const request = requestOf(input.args[0]);
        if (!request || !reporter.isFollowed(request.workspace, request.runId)) return next(input);
        const attempt = (request.attemptsBefore ?? 0) + info.attempt;
        const tell = (kind: NotedChange['kind'], detail: Readonly<Record<string, string | number>>): void => {
          const { workspace, runId, workflow, step, type } = request;
          reporter.report(workspace, { kind, runId, workflow, step, detail: { type, attempt, ...detail } });
        };
        tell('step.started', {});
        try {
          const result = (await next(input)) as EffectResult | undefined;
          // A step that was handed back has not begun.
          if (!result?.handedBack) tell('step.ended', {});
          return result;
        } catch (error) {
          const code = error instanceof ApplicationFailure ? error.type : undefined;
          // A step that waits comes again. Of one that was left of a run that has ended, the run has told.
          if (thrownOutcome(error) === 'failed') tell('step.failed', code ? { error: code } : {});
          throw error;
        }
      },
    },
  });
