import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { isCode, type Subject } from './subject.ts';

/** Template syntax of other tools. Each pattern takes linear time, because the part between the brackets is short. */
const SPELLINGS: readonly RegExp[] = [
  // n8n, Handlebars, Jinja: {{ $json.x }}, {{ x }}, {{#each x}}
  /\{\{[-~=#/^&>!]?\s*[$A-Za-z_][^{}]{0,200}\}\}/,
  // Shells, JavaScript, Make: ${x}
  /\$\{\s*[$A-Za-z_][^{}]{0,200}\}/,
  // EJS and Jinja: <%= x %>, {% if x %}
  /<%[-=_]?\s[^%]{0,200}%>/,
  /\{%-?\s[^%]{0,200}%\}/,
];

/** Finds templates of other tools in a text, because here they stay as they are written. */
export function foreignTemplates({ constants }: Subject): Problem[] {
  return constants.flatMap((constant) => {
    if (isCode(constant)) return [];
    const found = constant.parts.map(templateIn).find((each) => each !== null) ?? null;
    if (found === null) return [];
    const name = /[$A-Za-z_][\w$.]*/.exec(found)?.[0] ?? 'x';
    return [
      problem(
        'foreign-template',
        constant.path,
        `\`${found.slice(0, 60)}\` stays as it is written: it is not an expression of this language.`,
        `Write \`\${{ ${suggestion(name)} }}\`.`,
      ),
    ];
  });
}

function templateIn(text: string): string | null {
  for (const spelling of SPELLINGS) {
    const found = spelling.exec(text);
    if (found !== null) return found[0];
  }
  return null;
}

/** What the name is most likely called here. */
function suggestion(name: string): string {
  const rest = name.replace(/^\$?(json|input|node|vars|env)?\.?/i, '').replaceAll('$', '');
  if (/^\$?(nodes|input|vars|trigger|run|now|item|index|state|error|errors|loops)\b/.test(name))
    return name.replace('$', '');
  return `input.${rest === '' ? 'x' : rest}`;
}
