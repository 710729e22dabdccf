import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { isCode, type Subject } from './subject.ts';

/** Template syntax of other tools. Each pattern takes linear time, because the part between the brackets is short. */
const SPELLINGS: readonly RegExp[] = [
  // n8n, Handlebars, Jinja: {{ $json.x }}, {{ x }}, {{#each x}}
  /\{\{[-~=#/^&>!]?\s*[$A-Za-z_][^{}]{0,200}\}\}/g,
  // Zapier, Make: {{123456__name}}, {{1.data.name}}
  /\{\{\s*\d{1,20}(?:\.|__)[^{}]{1,200}\}\}/g,
  // One brace, and a name of the scope: {input.x}
  /(?<![{$])\{\s*(?:input|nodes|vars|trigger|item|state|run)\.[\w.]{1,200}\s*\}(?!\})/g,
  // Shells, JavaScript, Make: ${x}
  /\$\{\s*[$A-Za-z_][^{}]{0,200}\}/g,
  // EJS and Jinja: <%= x %>, {% if x %}
  /<%[-=_]?\s[^%]{0,200}%>/g,
  /\{%-?\s[^%]{0,200}%\}/g,
];

/** Most templates of one text that are reported: the rest of a long text is of the same kind. */
const MOST = 5;

/** Finds templates of other tools in a text, because here they stay as they are written. */
export function foreignTemplates({ constants }: Subject): Problem[] {
  return constants.flatMap((constant) => {
    if (isCode(constant)) return [];
    const found = [...new Set(constant.parts.flatMap(templatesIn))];
    return found
      .slice(0, MOST)
      .map((template) =>
        problem(
          'foreign-template',
          constant.path,
          `\`${template.slice(0, 60)}\` stays as it is written: it is not an expression of this language.`,
          `Write \`\${{ ${suggestion(/(?:\$(?=\w)|[A-Za-z_])[\w$.]*/.exec(template)?.[0] ?? 'x')} }}\`.`,
        ),
      );
  });
}

/** The templates in a text, in the order in which they stand there. */
function templatesIn(text: string): string[] {
  const found = SPELLINGS.flatMap((spelling) => [...text.matchAll(spelling)]);
  return found.sort((a, b) => a.index - b.index).map(([template]) => template);
}

/** What the name is most likely called here. */
function suggestion(name: string): string {
  const rest = name.replace(/^\$?(json|input|node|vars|env)?\.?/i, '').replaceAll('$', '');
  if (/^\$?(nodes|input|vars|trigger|run|now|item|index|state|error|errors|loops)\b/.test(name))
    return name.replace('$', '');
  return `input.${rest === '' ? 'x' : rest}`;
}
