// Runs first inside the script's own realm, before the author's code. It holds nothing of the host: what it gives
// away (`parseCsv`, `console`, `input`) are values of this realm, so no chain of constructors leads out of it.

// biome-ignore lint/correctness/noUnusedVariables: the child reads it
let blokOutcome = '';

// biome-ignore lint/correctness/noUnusedVariables: the program calls it
const blokRun = (() => {
  const MAX_LOG_LINES = 200;
  const MAX_LOG_CHARACTERS = 2000;
  const { stringify, parse } = JSON;
  const logs = [];

  const cut = (text) => (text.length > MAX_LOG_CHARACTERS ? `${text.slice(0, MAX_LOG_CHARACTERS)}…` : text);

  const print = (value) => {
    if (typeof value === 'string') return value;
    try {
      return stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };

  const logger =
    (level) =>
    (...values) => {
      if (logs.length < MAX_LOG_LINES) logs[logs.length] = { level, text: cut(values.map(print).join(' ')) };
    };

  const lineOf = (stack) => {
    const match = /script\.js:(\d+)/.exec(typeof stack === 'string' ? stack : '');
    return match === null ? null : Number(match[1]);
  };

  const describe = (error) => {
    try {
      if (error instanceof Error) {
        const name = error.name === 'Error' ? '' : `${error.name}: `;
        return { message: cut(`${name}${error.message}`), line: lineOf(error.stack) };
      }
      return { message: cut(print(error)), line: null };
    } catch {
      return { message: 'threw something that cannot be shown', line: null };
    }
  };

  const settle = async (main, input) => {
    let value;
    try {
      value = await main(parse(input));
    } catch (error) {
      return { ok: false, kind: 'error', ...describe(error), logs };
    }
    try {
      const text = value === undefined ? 'null' : stringify(value);
      if (typeof text === 'string') return { ok: true, value: text, logs };
      return { ok: false, kind: 'output', message: `returned a ${typeof value}`, line: null, logs };
    } catch (error) {
      return { ok: false, kind: 'output', ...describe(error), logs };
    }
  };

  globalThis.console = {
    log: logger('info'),
    info: logger('info'),
    debug: logger('info'),
    warn: logger('warn'),
    error: logger('warn'),
  };
  delete globalThis.WebAssembly;

  return (main, input) => {
    settle(main, input).then((outcome) => {
      blokOutcome = stringify(outcome);
    });
  };
})();

/** Rows of a CSV text (RFC 4180: quotes, doubled quotes, line breaks within quotes); objects by the header line. */
globalThis.parseCsv = (text, { separator = ',', header = true } = {}) => {
  if (typeof text !== 'string') throw new TypeError('parseCsv takes the text of a CSV file');
  if (typeof separator !== 'string' || separator.length !== 1) throw new TypeError('separator must be one character');
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const rows = [];
  let row = [];
  let at = 0;
  const endOfField = () => {
    let end = at;
    while (end < source.length && source[end] !== separator && source[end] !== '\n' && source[end] !== '\r') end += 1;
    return end;
  };
  const quoted = () => {
    let value = '';
    for (at += 1; ; ) {
      const end = source.indexOf('"', at);
      if (end === -1) throw new SyntaxError(`parseCsv: a quote in row ${rows.length + 1} is never closed`);
      value += source.slice(at, end);
      at = end + 1;
      if (source[at] !== '"') return value;
      value += '"';
      at += 1;
    }
  };
  while (at < source.length) {
    if (source[at] === '"') {
      row.push(quoted());
      if (endOfField() !== at) throw new SyntaxError(`parseCsv: text after a closing quote in row ${rows.length + 1}`);
    } else {
      const end = endOfField();
      row.push(source.slice(at, end));
      at = end;
    }
    if (source[at] === separator) {
      at += 1;
      if (at === source.length) row.push('');
      else if (source[at] === '\n' || source[at] === '\r') row.push('');
      else continue;
    }
    if (source[at] === '\r') at += 1;
    if (source[at] === '\n') at += 1;
    // A line with nothing on it is no row.
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  if (!header) return rows;
  const [names = [], ...records] = rows;
  return records.map((record) => Object.fromEntries(names.map((name, index) => [name, record[index] ?? null])));
};
