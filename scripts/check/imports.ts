/** What a TypeScript file imports, read from its text. */

const STATEMENT =
  /(?:^|\n)[ \t]*(?:import|export)\s+(?<type>type\s+(?!from\b))?(?:(?<names>[\w*{}\s,$]+?)\s+from\s+)?['"](?<from>[^'"\n]+)['"]/g;
const DYNAMIC = /\bimport\(\s*['"]([^'"\n]+)['"]/g;

/**
 * Specifiers of all imports and re-exports.
 * @param values true: leave out imports of types only
 */
export function importsOf(text: string, { values = false } = {}): string[] {
  const specifiers: string[] = [];
  for (const { groups } of text.matchAll(STATEMENT)) {
    if (!values || !(groups?.type || onlyTypes(groups?.names))) specifiers.push(groups!.from!);
  }
  for (const [, specifier] of text.matchAll(DYNAMIC)) specifiers.push(specifier!);
  return specifiers;
}

/** `{ type A, type B }` */
function onlyTypes(names: string | undefined): boolean {
  const list = /^\{([^}]*)\}$/.exec(names?.trim() ?? '')?.[1];
  if (list === undefined) return false;
  return list.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
}
