import type { Context, Info } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { findNode } from '../../integrations/index.ts';
import type { Telemetry } from '../../telemetry/open.ts';
import { TRACE_HEADER } from '../../workflows/activities.ts';
import type { EffectRequest, EffectResult } from '../../workflows/contract.ts';
import { requestOf } from '../base/request-of.ts';
import { thrownOutcome } from '../base/thrown-outcome.ts';

/** Measures the attempts of steps, and notes them in the trace of their run. */
export const watchSteps =
  ({ metrics, tracing }: Telemetry) =>
  ({ info }: Context): ActivityInterceptors => ({
    inbound: {
      execute: async (input, next) => {
        const request = requestOf(input.args[0]);
        if (!request) return next(input);
        const measured = metrics ? () => measure(metrics, { info, request }, () => next(input)) : () => next(input);
        if (!tracing) return measured();
        const header = input.headers[TRACE_HEADER];
        const parent = header && defaultPayloadConverter.fromPayload<string>(header);
        return tracing.span(
          { name: request.type, kind: 'internal', attributes: attributesOf(request, info), parent },
          measured,
        );
      },
    },
  });

interface Attempt {
  readonly info: Info;
  readonly request: EffectRequest;
}

const attemptOf = ({ info, request }: Attempt): number => (request.attemptsBefore ?? 0) + info.attempt;

const attributesOf = (request: EffectRequest, info: Info) => ({
  'blok.workspace': request.workspace,
  'blok.workflow': request.workflow,
  'blok.run': request.runId,
  'blok.step': request.step,
  'blok.attempt': attemptOf({ info, request }),
});

async function measure(
  metrics: NonNullable<Telemetry['metrics']>,
  attempt: Attempt,
  work: () => Promise<unknown>,
): Promise<unknown> {
  const { info, request } = attempt;
  const { type } = request;
  const effect = findNode(type, Number.parseInt(request.version, 10))?.effect ?? 'unknown';
  const begun = performance.now();
  const waited = Date.now() - info.currentAttemptScheduledTimestampMs;
  metrics.observe('blok_step_queue_seconds', { queue: info.taskQueue }, Math.max(0, waited) / 1_000);
  const end = (outcome: string): void => {
    metrics.observe('blok_step_seconds', { type, effect, outcome }, (performance.now() - begun) / 1_000);
    if (outcome !== 'waited' && attemptOf(attempt) > 1) metrics.count('blok_step_retries_total', { type });
  };
  try {
    const result = await work();
    end((result as EffectResult | undefined)?.handedBack ? 'waited' : 'succeeded');
    return result;
  } catch (error) {
    end(thrownOutcome(error));
    throw error;
  }
}
