import { type Node, parse } from 'acorn';
import { NodeError } from '../error.ts';

/**
 * The text the sandbox compiles: the author's source as the body of an async function. Two things that V8 alone would
 * let pass are refused here: a source that closes the function early, and `import()`, whose failure would give the
 * script an error object of the outer realm.
 *
 * @throws NodeError `code.syntax` with the line.
 */
export function programOf(source: string, inputText: string): string {
  // We add one line before the author's first line; the sandbox counts lines from the author's.
  const wrapped = `blokRun(async (input) => {"use strict";\n${source}\n}, `;
  check(`${wrapped}"")`);
  return `${wrapped}${JSON.stringify(inputText)})`;
}

function check(text: string): void {
  let program: Node & { body: Node[] };
  try {
    program = parse(text, { ecmaVersion: 'latest', sourceType: 'script', locations: true });
  } catch (error) {
    if (error instanceof RangeError) throw new NodeError('code.syntax', 'The script is nested too deeply.');
    const { message, loc } = error as SyntaxError & { loc?: { line: number; column: number } };
    throw syntaxError(message.replace(/ \(\d+:\d+\)$/, ''), loc?.line);
  }
  if (program.body.length !== 1 || !isOurCall(program.body[0])) {
    throw syntaxError('a closing brace without its opening one', undefined);
  }
  // An explicit stack, because the author decides how deep the tree is.
  const open: unknown[] = [program];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) for (const entry of value) open.push(entry);
    else if (isNode(value)) {
      if (value.type === 'ImportExpression') {
        throw syntaxError('import() is not available: a script has no modules', value.loc?.start.line);
      }
      for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) open.push(child);
    }
  }
}

/** `blokRun(<arrow function>, <string>)` and nothing after it. */
function isOurCall(statement: Node | undefined): boolean {
  const { expression } = (statement ?? {}) as {
    expression?: Node & { arguments?: Node[]; callee?: { name?: string } };
  };
  if (expression?.type !== 'CallExpression' || expression.callee?.name !== 'blokRun') return false;
  const [main, input, ...more] = expression.arguments ?? [];
  return main?.type === 'ArrowFunctionExpression' && input?.type === 'Literal' && more.length === 0;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

function syntaxError(message: string, line: number | undefined): NodeError {
  const at = line === undefined ? '' : ` (line ${line - 1})`;
  return new NodeError('code.syntax', `The script is not valid JavaScript${at}: ${message}.`, {
    details: line === undefined ? null : { line: line - 1 },
  });
}
