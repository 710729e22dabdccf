import { leaveOut } from '../../graph/schemas/left-out.ts';
import type { NodeType } from '../../integrations/define.ts';
import { jsonSchema } from '../../integrations/describe.ts';
import { NodeError } from '../../integrations/error.ts';

/**
 * A node's parameters, checked by its schema, with defaults filled in. A field that is null counts as not given if the
 * schema does not allow null (docs/language.md).
 *
 * @throws NodeError `input.invalid`
 */
export function checkedParameters(node: NodeType, given: unknown): unknown {
  const parsed = node.input.safeParse(given);
  if (parsed.success) return parsed.data;
  const again = node.input.safeParse(leaveOut(given, jsonSchema(node.input, 'input')));
  if (again.success) return again.data;
  const issues = again.error.issues.map(
    (issue) => `${['with', ...issue.path.map(String)].join('.')}: ${issue.message}`,
  );
  throw new NodeError('input.invalid', `${node.type} was given bad parameters. ${issues.slice(0, 5).join('; ')}`);
}
