// `parseCsv`, as scripts see it. No part of a file is dropped silently: a field that has no column is an error.

{
  const BREAK = /[\n\r]/;

  const optionsOf = ({ separator = ',', header = true, ...unknown } = {}) => {
    const [name] = Object.keys(unknown);
    if (name !== undefined) throw new TypeError(`parseCsv has no option "${name}"; it has "separator" and "header"`);
    if (typeof separator !== 'string' || separator.length !== 1 || separator === '"' || BREAK.test(separator))
      throw new TypeError('separator must be one character, and no quote or line break');
    return { separator, header };
  };

  /** Rows with their numbers, the first being 1 (RFC 4180). An empty line is counted, but is not a row. */
  const rowsOf = (source, separator) => {
    const rows = [];
    let number = 1;
    let at = 0;
    const fail = (what) => {
      throw new SyntaxError(`parseCsv: ${what} in row ${number}`);
    };
    const isEnd = () => at >= source.length || source[at] === separator || BREAK.test(source[at]);
    const quoted = () => {
      let value = '';
      for (at += 1; ; at += 1) {
        const end = source.indexOf('"', at);
        if (end === -1) fail('a quote is never closed');
        value += source.slice(at, end);
        at = end + 1;
        if (source[at] !== '"') break;
        value += '"';
      }
      if (!isEnd()) fail('text follows a closing quote');
      return value;
    };
    const plain = () => {
      const start = at;
      while (!isEnd()) at += 1;
      return source.slice(start, at);
    };
    for (; at < source.length; number += 1) {
      const start = at;
      const fields = [];
      for (;;) {
        fields.push(source[at] === '"' ? quoted() : plain());
        if (source[at] !== separator) break;
        at += 1;
      }
      if (at > start) rows.push({ number, fields });
      if (source[at] === '\r') at += 1;
      if (source[at] === '\n') at += 1;
    }
    return rows;
  };

  /** Unique column names: a second `price` is `price_2`, and the third column, if it has no name, is `column_3`. */
  const namesOf = (header) => {
    const taken = new Set(header);
    const names = new Set();
    header.forEach((given, index) => {
      let name = given === '' ? `column_${index + 1}` : given;
      const base = name;
      for (let count = 2; names.has(name) || (name !== given && taken.has(name)); count += 1) name = `${base}_${count}`;
      names.add(name);
    });
    return [...names];
  };

  const recordOf = (names, { number, fields }) => {
    if (fields.slice(names.length).some((field) => field !== '')) {
      const counts = `row ${number} has ${fields.length} fields, and the header ${names.length}`;
      const remedy = 'quote fields that hold the separator, or take lists with { header: false }';
      throw new SyntaxError(`parseCsv: ${counts}; ${remedy}`);
    }
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? null]));
  };

  globalThis.parseCsv = (text, options) => {
    if (typeof text !== 'string') throw new TypeError('parseCsv takes the text of a CSV file');
    const { separator, header } = optionsOf(options);
    const rows = rowsOf(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, separator);
    if (!header) return rows.map(({ fields }) => fields);
    const [first, ...records] = rows;
    const names = namesOf(first?.fields ?? []);
    return records.map((record) => recordOf(names, record));
  };
}
