import { branchesOf, resolve, type Within } from '../../schemas/schema-walk.ts';

const MAX_DEPTH = 64;

/** A name that a schema does not declare. */
export interface Undeclared {
  /** The path up to the first name that is not declared. */
  readonly name: string;
  /** The names declared at the same level. */
  readonly known: readonly string[];
}

/** The first name of a path that a schema does not declare, or null. @param within where references of the schema lead */
export function undeclaredIn(given: unknown, path: readonly string[], within: Within): Undeclared | null {
  let schemas = [given];
  for (const [index, name] of path.entries()) {
    const parts = schemas.flatMap((schema) => partsOf(schema, within));
    const items = /^\d+$/.test(name) ? parts.map(({ items }) => items).filter((each) => each !== undefined) : [];
    if (items.length > 0) {
      schemas = items;
      continue;
    }
    const declared = parts.map((schema) => (schema.properties ?? {}) as Record<string, unknown>);
    // A schema that says nothing about fields, or leaves them open on purpose, declares all of them.
    if (parts.length === 0 || parts.some(isOpen) || declared.every((fields) => Object.keys(fields).length === 0))
      return null;
    const next = declared.filter((fields) => Object.hasOwn(fields, name)).map((fields) => fields[name]);
    if (next.length === 0) return { name: path.slice(0, index + 1).join('.'), known: declared.flatMap(Object.keys) };
    schemas = next;
  }
  return null;
}

/** A schema and all schemas it is made of that can say something about fields. */
function partsOf(given: unknown, within: Within): Record<string, unknown>[] {
  if (given === null || typeof given !== 'object' || within.depth > MAX_DEPTH) return [{ additionalProperties: true }];
  const schema = resolve(given as never, within.root) as Record<string, unknown>;
  const inner = [
    ...(branchesOf(schema as never) ?? []),
    ...((schema.allOf ?? []) as unknown[]),
    schema.then,
    schema.else,
  ];
  const deeper = { ...within, depth: within.depth + 1 };
  return [schema, ...inner.filter((each) => each !== undefined).flatMap((each) => partsOf(each, deeper))];
}

const isOpen = (schema: Record<string, unknown>): boolean =>
  schema.patternProperties !== undefined ||
  schema.dependentSchemas !== undefined ||
  (schema.additionalProperties !== undefined && schema.additionalProperties !== false) ||
  // Members of a list or a text, such as `length`, are not fields.
  (schema.type !== undefined && ![schema.type].flat().includes('object') && schema.type !== 'null');
