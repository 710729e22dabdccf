import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { branchesOf, resolve, type Within } from '../../schemas/schema-walk.ts';
import { chainsOf } from '../kinds/chains.ts';
import type { Subject } from './subject.ts';

const MAX_DEPTH = 64;

/** Finds fields of `input` that its schema does not declare: they may exist, but nothing has checked them. */
export function undeclaredInput({ input, expressions }: Subject): Problem[] {
  const problems: Problem[] = [];
  for (const { path, compiled } of expressions) {
    // A trigger reads the `input` that arrived, before it is made to fit the schema.
    if (path.startsWith('/triggers/') || !compiled.reads.roots.includes('input')) continue;
    const undeclared = new Map<string, readonly string[]>();
    for (const chain of chainsOf(compiled.template)) {
      if (chain.root !== 'input') continue;
      const schema = input.next();
      const missing = schema === null ? null : undeclaredIn(schema, chain.path, { root: schema, depth: 0 });
      if (missing !== null) undeclared.set(missing.name, missing.known);
    }
    for (const [name, known] of undeclared)
      problems.push(
        problem(
          'undeclared-input',
          path,
          `The \`input\` schema declares no \`${name}\`.${didYouMean(name.split('.').at(-1)!, known)}`,
        ),
      );
  }
  return problems;
}

interface Undeclared {
  /** The path up to the first name that is not declared. */
  readonly name: string;
  /** The names declared at the same level. */
  readonly known: readonly string[];
}

function undeclaredIn(given: unknown, path: readonly string[], within: Within): Undeclared | null {
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
