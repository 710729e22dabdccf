import type { Json, JsonSchema } from '../../graph/json.ts';
import { checkAgainst } from '../../graph/schemas/check/index.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import { ApiProblem } from '../http/problem.ts';

/** Checks what somebody approves with against the form of the approval. @throws ApiProblem `approval.values`, `schema.tooCostly` */
export function checkForm(wait: Pick<WaitRecord, 'detail'>, values: Json | undefined): void {
  const form = (wait.detail as { form?: Json } | null | undefined)?.form;
  if (typeof form !== 'object' || form === null) return;
  const problems = checkAgainst(form as JsonSchema, values ?? {});
  if (problems.length === 0) return;
  const first = problems[0]!;
  throw new ApiProblem('approval.values', `values${first.path}: ${first.message}`, { problems });
}
