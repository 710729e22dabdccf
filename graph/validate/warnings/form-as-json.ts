import { splitUses } from '../../document/names.ts';
import { formOf, unsupportedIn } from '../../form/index.ts';
import type { JsonSchema } from '../../json.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { nodePath } from '../../structure/bodies.ts';
import type { Subject } from './subject.ts';

/** Most parts that are named for each form. */
const NAMED = 10;

/** Finds parts of a form that its page can ask for only as JSON: of the input of a graph with a form, and of approvals. */
export function formsAsJson({ graph, bodies }: Subject): Problem[] {
  const hasForm = Object.values(graph.triggers ?? {}).some(({ uses }) => splitUses(uses).type === 'form');
  const approvals = bodies.flatMap((at) =>
    Object.entries(at.body.nodes).flatMap(([id, node]) => {
      const form = splitUses(node.uses).type === 'approval' ? node.with?.form : undefined;
      return isSchema(form) ? asJson(form, `${nodePath(at, id)}/with/form`) : [];
    }),
  );
  return [...(hasForm && isSchema(graph.input) ? asJson(graph.input, '/input') : []), ...approvals];
}

const asJson = (schema: JsonSchema, path: string): Problem[] =>
  unsupportedIn(formOf(schema))
    .slice(0, NAMED)
    .map(({ name, unsupported }) =>
      problem(
        'form-as-json',
        path,
        `The form asks for ${name === '' ? 'its whole value' : `\`${name.slice(1, 80).replaceAll('/', '.')}\``} as JSON: ${unsupported}.`,
      ),
    );

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
