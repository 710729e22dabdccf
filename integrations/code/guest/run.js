// Runs inside the script's own realm, after the other files of this folder and before the author's code. These files
// hold nothing of the host: all they provide (`parseCsv`, `console`, `input`) are values of this realm, so no chain of
// constructors leads out of it.

// biome-ignore lint/correctness/noUnusedVariables: the child reads it
let blokOutcome = '';

// biome-ignore lint/correctness/noUnusedVariables: the program calls it
const blokRun = (() => {
  const MAX_LOG_LINES = 200;
  const MAX_LOG_CHARACTERS = 2000;
  const { stringify, parse } = JSON;
  const logs = [];

  const { isWellFormed, toWellFormed, slice } = String.prototype;
  const { apply } = Reflect;

  /** A text for people, whatever the script did to texts: not too long, and without half a character. */
  const cut = (text) => {
    const short = text.length > MAX_LOG_CHARACTERS ? `${apply(slice, text, [0, MAX_LOG_CHARACTERS])}…` : text;
    return apply(isWellFormed, short, []) ? short : apply(toWellFormed, short, []);
  };

  /** A readable form of values that JSON would leave out of a log line, or show as {}. */
  const shown = (_key, value) => {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (value instanceof Map || value instanceof Set) return [...value];
    const isPlain = typeof value !== 'number' || Number.isFinite(value);
    return isPlain && !['bigint', 'function', 'symbol', 'undefined'].includes(typeof value) ? value : String(value);
  };

  const print = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value instanceof Error) return String(shown('', value));
    try {
      return stringify(value, shown) ?? String(value);
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
      return { ok: true, value: blokJson(value), logs };
    } catch (error) {
      return { ok: false, kind: 'output', ...describe(error), path: error?.path ?? null, logs };
    }
  };

  globalThis.console = {
    log: logger('info'),
    info: logger('info'),
    debug: logger('info'),
    warn: logger('warn'),
    error: logger('warn'),
  };

  return (main, input) => {
    settle(main, input).then((outcome) => {
      blokOutcome = stringify(outcome);
    });
  };
})();
