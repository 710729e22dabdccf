/** PostgreSQL's text format for arrays (manual, 8.15.6). */

/**
 * Elements of an array literal, nested as written; unquoted NULL is null.
 *
 * @param count is called for each list and each element in it
 */
export function parseArray(
  text: string,
  parse: (element: string) => unknown,
  count: (what: 'list' | 'element') => void = () => undefined,
): unknown[] {
  // `[2:3]={…}` gives the bounds first; JSON has no place for them.
  let at = text.indexOf('{');
  const list = (): unknown[] => {
    count('list');
    const elements: unknown[] = [];
    for (at += 1; text[at] !== '}'; ) {
      if (at >= text.length) throw new Error(`not an array: ${text}`);
      if (text[at] === ',') {
        at += 1;
        continue;
      }
      count('element');
      if (text[at] === '{') elements.push(list());
      else elements.push(element());
    }
    at += 1;
    return elements;
  };
  const element = (): unknown => {
    if (text[at] !== '"') {
      const start = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
      const bare = text.slice(start, at);
      return bare === 'NULL' ? null : parse(bare);
    }
    let quoted = '';
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      quoted += text[at];
    }
    at += 1;
    return parse(quoted);
  };
  return list();
}

/** An array literal. Every element is quoted, so that none can be mistaken for another or for NULL. */
export function arrayLiteral(value: unknown, serialize: (element: unknown) => string): string {
  if (!Array.isArray(value)) return String(value);
  const elements = value.map((element) => {
    if (element === null) return 'NULL';
    if (Array.isArray(element)) return arrayLiteral(element, serialize);
    return `"${serialize(element).replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${elements.join(',')}}`;
}
