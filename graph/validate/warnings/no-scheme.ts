import { escapeSegment, own } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ConstantText, Subject } from './subject.ts';

const ADDRESS = /^(url|uri|endpoint|[a-z]+(Url|Uri|URL))$/;
const SCHEME = /^[a-z][a-z0-9+.-]{0,30}:/i;
const BEGINS_WITH_VARIABLE = /^\s*\$\{\{\s*vars\.([A-Za-z_]\w*)\s*\}\}/;

/**
 * Finds addresses without a scheme, to which no request can be sent. If an address begins with a variable, the default
 * of that variable is checked.
 */
export function noScheme({ graph, constants }: Subject): Problem[] {
  const problems = new Map<string, Problem>();
  for (const constant of constants) {
    if (!isAddress(constant)) continue;
    const variable = BEGINS_WITH_VARIABLE.exec(constant.text)?.[1];
    const value = variable === undefined ? undefined : own(graph.vars, variable);
    const [path, text] =
      typeof value === 'string' ? [`/vars/${escapeSegment(variable!)}`, value] : [constant.path, constant.text];
    if (!lacksScheme(text)) continue;
    const host = text.trim().replace(/^\/+/, '').slice(0, 60);
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    const message = `\`${shown}\` does not say how it is reached.`;
    problems.set(path, problem('no-scheme', path, message, `Begin it with \`https://\`: \`https://${host}\`.`));
  }
  return [...problems.values()];
}

const isAddress = ({ parameter, path }: ConstantText): boolean =>
  parameter !== undefined && path.endsWith(`/with/${parameter.name}`) && ADDRESS.test(parameter.name);

/** A text that begins with an expression may get its scheme from it. `localhost:8080` has a port, but no scheme. */
function lacksScheme(text: string): boolean {
  const begin = text.trimStart();
  if (begin === '' || begin.startsWith('${{')) return false;
  return !SCHEME.test(begin) || /^[\w.-]+:\d/.test(begin);
}
