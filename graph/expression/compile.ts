import type { Json } from '../json.ts';
import { addGathered, type Gathered, gather, type LocatedReference, toReads } from './gathered/reads.ts';
import { ParseFailure, refuse } from './problem.ts';
import { parseAtStart } from './source.ts';
import type { Ast, ParseProblem, Reads, Template, Unguarded } from './types.ts';

/** A problem, and the text of the value that has the problem (a JSON Pointer within the value). */
export type ValueProblem = ParseProblem & { readonly path: string };

/** A compiled value. If there are problems, the template must not be run. */
export interface CompiledValue {
  readonly template: Template;
  readonly reads: Reads;
  /** Each `nodes.<id>`, `errors.<id>`, `loops.<id>` and `vars.<name>`, with the text that contains it. */
  readonly references: readonly (LocatedReference & { readonly path: string })[];
  readonly problems: readonly ValueProblem[];
}

type Piece = string | readonly ['e', Ast, string];

interface Found {
  readonly gathered: Gathered;
  readonly unguarded: (Unguarded & { path: string })[];
  readonly references: (LocatedReference & { path: string })[];
  readonly problems: ValueProblem[];
}

/**
 * Compiles a JSON value whose texts may hold `${{ }}`. A part without `${{ }}` collapses to a constant.
 *
 * @example compileValue({ n: '${{ input.n }}' }).template // ['o', [['n', ['e', […], 'input.n']]]]
 */
export function compileValue(value: Json): CompiledValue {
  const found: Found = { gathered: gather(), unguarded: [], references: [], problems: [] };
  const template = compile(value, '', found);
  const reads = { ...toReads(found.gathered), unguarded: found.unguarded };
  return { template, reads, references: found.references, problems: found.problems };
}

function compile(value: Json, path: string, found: Found): Template {
  if (typeof value === 'string') return compileText(value, path, found);
  if (typeof value !== 'object' || value === null) return ['v', value];
  if (Array.isArray(value)) {
    const entries = value.map((entry, index) => compile(entry, `${path}/${index}`, found));
    return entries.every(isConstant) ? ['v', value] : ['l', entries];
  }
  const fields = Object.entries(value).map(
    ([key, entry]) =>
      [key, compile(entry, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, found)] as const,
  );
  return fields.every(([, field]) => isConstant(field)) ? ['v', value] : ['o', fields];
}

const isConstant = (template: Template): boolean => template[0] === 'v';

function compileText(text: string, path: string, found: Found): Template {
  if (!text.includes('${{')) return ['v', text];
  try {
    const { pieces, gathered } = parseText(text);
    addGathered(found.gathered, gathered, 0);
    found.unguarded.push(...gathered.unguarded.map((entry) => ({ ...entry, path })));
    found.references.push(...gathered.references.map((entry) => ({ ...entry, path })));
    const expressions = pieces.filter((piece) => typeof piece !== 'string');
    const alone = pieces.every((piece) => typeof piece !== 'string' || piece.trim() === '');
    const only = expressions[0];
    return expressions.length === 1 && alone && only !== undefined ? only : ['t', pieces];
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    found.problems.push({ ...error.problem, path });
    return ['v', text];
  }
}

/**
 * The `nodes.<id>`, `errors.<id>`, `loops.<id>` and `vars.<name>` in a text with `${{ }}`: the offsets of the ids
 * alone, so that renaming an id touches nothing else. A text with a problem yields none.
 *
 * @example locateReferences('a ${{ nodes.b.c }}') // [{ kind: 'nodes', id: 'b', start: 12, end: 13 }]
 */
export function locateReferences(text: string): LocatedReference[] {
  try {
    return [...parseText(text).gathered.references];
  } catch (error) {
    if (error instanceof ParseFailure) return [];
    throw error;
  }
}

/** The texts and expressions in `text`, in order; offsets are within `text`. @throws ParseFailure */
function parseText(text: string): { pieces: Piece[]; gathered: Gathered } {
  const pieces: Piece[] = [];
  const gathered = gather();
  let done = 0;
  for (let open = text.indexOf('${{'); open !== -1; open = text.indexOf('${{', done)) {
    if (open > done) pieces.push(text.slice(done, open));
    // Offsets in the tree count from the first character of the source that the template keeps.
    const start = open + 3 + text.slice(open + 3).search(/\S|$/);
    const { ast, source, end } = parseEmbedded(text, open, start, gathered);
    pieces.push(['e', ast, source]);
    done = end;
  }
  if (done < text.length) pieces.push(text.slice(done));
  return { pieces, gathered };
}

function parseEmbedded(text: string, open: number, start: number, gathered: Gathered) {
  if (text.startsWith('}}', start))
    refuse('expression-syntax', open, 'The expression is empty.', 'Write one between ${{ and }}.');
  try {
    const parsed = parseAtStart(text.slice(start));
    const close = start + parsed.end + text.slice(start + parsed.end).search(/\S|$/);
    if (!text.startsWith('}}', close)) {
      const shown = text.slice(close, close + 20);
      const seen = shown === '' ? 'the text ends' : `${JSON.stringify(shown)} follows`;
      const word = /^(?:and|or|is|not|in|contains)\b/i.exec(shown)?.[0].toLowerCase();
      const hint = word === undefined ? undefined : `Operators are signs: && || ! ==; a list or text has .includes(…).`;
      refuse('expression-unclosed', close - start, `}} is expected after the expression, but ${seen}.`, hint);
    }
    addGathered(gathered, parsed.gathered, start);
    return { ast: parsed.ast, source: text.slice(start, start + parsed.end), end: close + 2 };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    const { problem } = error;
    throw Object.assign(error, { problem: { ...problem, position: Math.min(text.length, problem.position + start) } });
  }
}
