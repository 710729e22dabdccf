import { type Field, formOf } from '../../graph/form/index.ts';
import type { Json, JsonSchema } from '../../graph/json.ts';
import type { WaitRecord } from '../../workflows/contract.ts';

/** The form of an approval, if it has one. */
export function approvalForm({ kind, detail }: WaitRecord): { field: Field; schema: JsonSchema } | null {
  const schema = (detail as { form?: Json } | null | undefined)?.form;
  if (kind !== 'approval' || typeof schema !== 'object' || schema === null || Array.isArray(schema)) return null;
  return { field: formOf(schema), schema };
}
