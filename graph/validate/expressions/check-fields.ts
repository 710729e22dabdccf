import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { chainsOf } from '../kinds/chains.ts';
import { type Read, readOf, type Site, schemasOf } from '../kinds/read.ts';
import type { ExpressionText } from './texts.ts';

/** Names whose fields the language itself defines. For `nodes`, the catalogue defines them (`check-expressions`). */
const OWN: ReadonlySet<string> = new Set(['run', 'error', 'errors', 'trigger', 'resume']);

/** Checks that `run`, `error`, `errors.<id>`, `trigger` and `resume` have the fields that an expression reads. */
export function checkFields(
  graph: Omit<Site, 'scope' | 'path'> & { readonly expressions: Iterable<ExpressionText> },
): Problem[] {
  const problems: Problem[] = [];
  for (const { path, scope, compiled } of graph.expressions) {
    const unknown = new Map<string, Problem>();
    for (const chain of chainsOf(compiled.template)) {
      if (!OWN.has(chain.root) || !scope.roots.has(chain.root)) continue;
      const read = readOf(chain.root, chain.path, { ...graph, scope, path });
      if (read === null || schemasOf(read)?.length !== 0) continue;
      const owner = chain.root === 'errors' ? `errors.${chain.path[0]}` : chain.root;
      const found = unknownField(owner, read, path);
      unknown.set(found.message, found);
    }
    problems.push(...unknown.values());
  }
  return problems;
}

function unknownField(owner: string, { schema, path: names }: Read, path: string): Problem {
  const fields = Object.keys((schema.properties ?? {}) as object);
  const field = names.join('.');
  const meant = names.length === 1 ? didYouMean(field, fields) : '';
  const hint =
    owner === 'trigger'
      ? `It has ${listed(fields)}, which the triggers of this graph provide.`
      : `It has ${listed(fields)}.`;
  return problem('unknown-field', path, `\`${owner}\` has no \`${field}\`.${meant}`, hint);
}

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
