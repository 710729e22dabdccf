import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { chainsOf } from '../kinds/chains.ts';
import type { Subject } from './subject.ts';
import { undeclaredIn } from './undeclared.ts';

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
