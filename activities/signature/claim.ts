import type { Info } from '@temporalio/activity';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { unpackProof } from '../../graph/start/packed-proof.ts';
import { CLAIM_HEADER, type RunClaim } from '../../workflows/contract.ts';
import { ownerOf } from './owner.ts';

/** A claim of a run that asks in short, with the names that its workflow id tells. */
export type NamedClaim = RunClaim & Required<Pick<RunClaim, 'workflowId'>>;

/** What a workflow says about its run in the header of an activity: in short (bytes), whole, or nothing. */
export interface Claims {
  readonly short?: NamedClaim | undefined;
  readonly whole?: RunClaim | undefined;
}

/** Reads the claim of an activity. Nothing of it is checked. */
export function claimsOf(
  { workflowExecution }: Pick<Info, 'workflowExecution'>,
  headers: Readonly<Record<string, Payload>>,
): Claims {
  const header = headers[CLAIM_HEADER];
  const said: unknown = header && defaultPayloadConverter.fromPayload(header);
  if (!(said instanceof Uint8Array)) return { whole: said as RunClaim | undefined };
  const owner = ownerOf(workflowExecution?.workflowId ?? '');
  const told = unpackProof(said);
  return owner && told ? { short: { ...owner, ...told } } : {};
}
