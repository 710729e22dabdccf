import type { ValidationContext } from '../../node-types/context.ts';
import { outputOf } from '../../node-types/outputs.ts';
import { own } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { follow, kindsAmong } from '../../schemas/schema-walk.ts';
import { around, type BodyAt } from '../../structure/bodies.ts';

/** An expression that only reads: the only kind of expression whose result type is known before it runs. */
const PATH = /^\s*\$\{\{\s*nodes\.([A-Za-z][A-Za-z0-9_]*)((?:\??\.[A-Za-z_][A-Za-z0-9_]*)*)\s*\}\}\s*$/;

const NAMES: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  number: 'a number',
  integer: 'a whole number',
  string: 'a text',
};

/** Checks that the parameter can take the value that an expression reads from another node's output. */
export function checkMapping(
  text: string,
  accepts: (kind: string) => boolean,
  path: string,
  name: string,
  at: BodyAt,
  { catalogue }: ValidationContext,
): Problem[] {
  const [, id = '', fields = ''] = PATH.exec(text) ?? [];
  const node = [at.body, ...around(at)].map(({ nodes }) => own(nodes, id)).find((found) => found !== undefined);
  const schema = node === undefined ? null : outputOf(node, catalogue);
  if (schema === null) return [];
  const found = follow(
    schema,
    fields
      .split('.')
      .slice(1)
      .map((field) => field.replace('?', '')),
    { root: schema, depth: 0 },
  );
  if (found === null || found.length === 0) return [];
  const kinds = kindsAmong(found, schema);
  // A number may turn out to be whole.
  if (kinds.length === 0 || kinds.some((kind) => accepts(kind) || (kind === 'number' && accepts('integer')))) return [];
  const yields = kinds
    .filter((kind) => kind !== 'integer' || !kinds.includes('number'))
    .map((kind) => NAMES[kind])
    .join(' or ');
  return [problem('type-mismatch', path, `\`${text.trim()}\` yields ${yields}, which \`${name}\` does not take.`)];
}
