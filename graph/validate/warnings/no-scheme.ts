import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Subject } from './subject.ts';

const ADDRESS = /^(url|uri|endpoint|[a-z]+(Url|Uri|URL))$/;
const SCHEME = /^\s*[a-z][a-z0-9+.-]{0,30}:/i;

/** Addresses that begin with no scheme: no request can be sent to them. `localhost:8080` has a port, not a scheme. */
export function noScheme({ constants }: Subject): Problem[] {
  return constants.flatMap(({ parameter, path, parts, text }) => {
    if (parameter === undefined || !path.endsWith(`/with/${parameter.name}`) || !ADDRESS.test(parameter.name))
      return [];
    const begin = parts[0]!.trimStart();
    // What begins with an expression may have its scheme from there.
    if (begin === '' || begin.includes('://') || (SCHEME.test(begin) && !/^[\w.-]+:\d/.test(begin))) return [];
    const host = begin.replace(/^[/]+/, '').slice(0, 60);
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    return [
      problem(
        'no-scheme',
        path,
        `\`${shown}\` does not say how it is reached.`,
        `Begin it with \`https://\`: \`https://${host}\`.`,
      ),
    ];
  });
}
