import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';
import { packProof, sandboxRunId } from '../graph/sandbox.ts';
import { TRACE_HEADER } from './activities.ts';
import { asksInShort } from './asked-in-short.ts';
import type { EachInput } from './chain-contract.ts';
import { CLAIM_HEADER, claimOf, type StartInput } from './contract.ts';

type Headers = Record<string, Payload>;

/**
 * Tells every activity for which run it works, in a header: the activities act for nobody else. What was started with a
 * trace hands it on, also to what goes on in its place. Replays compare no headers.
 */
export function interceptors(): WorkflowInterceptors {
  let claim: Headers = {};
  let trace: Headers = {};
  const withHeaders = <Call extends { headers: object }>(call: Call, ...more: Headers[]): Call =>
    ({ ...call, headers: Object.assign({}, call.headers, ...more) }) as Call;
  return {
    inbound: [
      {
        execute: (call, next) => {
          claim = claimHeader(call.args[0] as StartInput | EachInput | undefined);
          const given = call.headers[TRACE_HEADER];
          trace = given ? { [TRACE_HEADER]: given } : {};
          return next(call);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (call, next) => next(withHeaders(call, claim, trace)),
        scheduleLocalActivity: (call, next) => next(withHeaders(call, claim, trace)),
        startChildWorkflowExecution: (call, next) => next(withHeaders(call, trace)),
        continueAsNew: (call, next) => next(withHeaders(call, trace)),
      },
    ],
  };
}

function claimHeader(input: StartInput | EachInput | undefined): Headers {
  if (typeof input !== 'object' || input === null) return {};
  const [start, chain] = 'parent' in input ? [input.parent, input] : [input, undefined];
  const claim = claimOf(start);
  if (!claim) return {};
  const { runId, proof } = claim;
  const { workflowId } = chain ?? workflowInfo();
  const whole = chain ? { ...claim, workflowId } : claim;
  const told = asksInShort(start) ? packProof(proof, runId === sandboxRunId(workflowId) ? undefined : runId) : whole;
  return { [CLAIM_HEADER]: defaultPayloadConverter.toPayload(told)! };
}
