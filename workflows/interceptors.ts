import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import type { EachInput } from './chain-contract.ts';
import { CLAIM_HEADER, claimOf, type StartInput } from './contract.ts';

/** Tells every activity for which run it works, in a header: the activities act for nobody else. */
export function interceptors(): WorkflowInterceptors {
  let headers: Record<string, Payload> = {};
  const claimed = <Call extends { headers: object }>(call: Call): Call =>
    ({ ...call, headers: { ...call.headers, ...headers } }) as Call;
  return {
    inbound: [
      {
        execute: (call, next) => {
          headers = headersOf(call.args[0] as StartInput | EachInput | undefined);
          return next(call);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (call, next) => next(claimed(call)),
        scheduleLocalActivity: (call, next) => next(claimed(call)),
      },
    ],
  };
}

function headersOf(input: StartInput | EachInput | undefined): Record<string, Payload> {
  if (typeof input !== 'object' || input === null) return {};
  const claim = 'parent' in input ? claimOf(input.parent) : claimOf(input);
  if (!claim) return {};
  const whole = 'parent' in input ? { ...claim, workflowId: input.workflowId } : claim;
  return { [CLAIM_HEADER]: defaultPayloadConverter.toPayload(whole)! };
}
