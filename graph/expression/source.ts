import * as acorn from 'acorn';
import { inexactNumber, isExact, quoteIt } from '../exact-json.ts';
import { MAX_EXPRESSION_SOURCE } from '../limits.ts';
import { type Gathered, gather, toReads } from './gathered/reads.ts';
import { ParseFailure, refuse } from './problem.ts';
import { translate } from './translate.ts';
import type { Ast, ParseProblem, Reads } from './types.ts';

/** An expression found at the start of a text. */
export interface Parsed {
  readonly ast: Ast;
  /** Offset after the last character of the expression. */
  readonly end: number;
  readonly gathered: Gathered;
}

/**
 * Parses the source of one expression (without `${{ }}`). Reports what is wrong instead of throwing.
 *
 * @example parseExpression('nodes.price.usd * 2') // { ok: true, ast: […], reads: { nodes: { price: ['/usd'] }, … } }
 */
export function parseExpression(
  source: string,
): { ok: true; ast: Ast; reads: Reads } | { ok: false; problem: ParseProblem } {
  try {
    const { ast, end, gathered } = parseAtStart(source);
    const rest = end + source.slice(end).search(/\S|$/);
    if (rest < source.length) {
      refuse('expression-syntax', rest, `The expression ends before ${JSON.stringify(source.slice(rest, rest + 20))}.`);
    }
    return { ok: true, ast, reads: toReads(gathered) };
  } catch (error) {
    if (error instanceof ParseFailure) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** Parses the expression at the start of a text, after any white space. @throws ParseFailure */
export function parseAtStart(text: string): Parsed {
  // Only this much is read: in a long text with many expressions, each must not cause a read to the end of the text.
  const window = text.slice(0, MAX_EXPRESSION_SOURCE + 1);
  const tree = syntaxTree(window, text.length > window.length);
  if (tree.end > MAX_EXPRESSION_SOURCE) tooLong();
  const gathered = gather();
  const child = translate(tree, { parameters: new Map(), nextSlot: 0, depth: 0, gathered, translate });
  const ast: Ast = typeof child === 'object' && child !== null ? child : ['k', child];
  return { ast, end: tree.end, gathered };
}

function syntaxTree(window: string, cut: boolean): acorn.Expression {
  try {
    return acorn.parseExpressionAt(window, 0, {
      ecmaVersion: 2024,
      // Modules have no HTML-like comments and no octal literals.
      sourceType: 'module',
      preserveParens: true,
      // Checked for every number, also as a key or a property.
      onToken: ({ type, start, end }) => {
        if (type === acorn.tokTypes.num) checkNumber(window.slice(start, end), start);
      },
      onComment: (_block, _text, start) =>
        refuse('expression-unsupported', start, 'Comments are not part of the language.', 'Use the notes of the node.'),
    });
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
    const { pos = 0, message } = error as { pos?: number; message: string };
    if (error instanceof RangeError || message.includes('stack space')) {
      return refuse('expression-too-large', pos, 'The expression is nested too deeply.', 'Use a set node.');
    }
    if (cut && (pos >= MAX_EXPRESSION_SOURCE || message.startsWith('Unterminated'))) tooLong();
    const at = Math.min(pos, window.length);
    const leading = message.startsWith('Invalid number') ? /^0[0-9.]+/.exec(window.slice(at))?.[0] : undefined;
    if (leading !== undefined) {
      refuse(
        'expression-number',
        at,
        `The number ${leading.slice(0, 40)} would lose its leading zero.`,
        quoteIt(leading),
      );
    }
    return refuse('expression-syntax', at, `This is not an expression: ${message.replace(/ \(\d+:\d+\)$/, '')}.`);
  }
}

function checkNumber(source: string, start: number): void {
  // Big integers are refused as such.
  if (source.endsWith('n') || isExact(source.replaceAll('_', ''))) return;
  refuse('expression-number', start, inexactNumber(source), quoteIt(source));
}

function tooLong(): never {
  return refuse(
    'expression-too-large',
    MAX_EXPRESSION_SOURCE,
    `An expression has at most ${MAX_EXPRESSION_SOURCE} characters.`,
    'Split it over several set nodes, or use a code node.',
  );
}
