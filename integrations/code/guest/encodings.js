// The older text encodings, as the WHATWG Encoding Standard defines them. `blokTables` is text that the host put before
// this file: labels, and what bytes stand for.

// biome-ignore lint/correctness/noUnusedVariables: text.js asks it
const blokEncodings = (() => {
  const { fromCharCode, fromCodePoint } = String;
  const { labels, singles, pairs, fours } = blokTables;
  const KATAKANA = 0xff61;

  const cut = new Map();
  /** A line of a table, if it is one letter. Several letters mean that the bytes belong to no letter. */
  const letterOf = (table, line) => {
    if (!cut.has(table)) cut.set(table, table.split('\n'));
    const letter = cut.get(table)[line] ?? '';
    if (letter.length === 1) return letter === '\ufffd' ? '' : letter;
    return letter.codePointAt(0) > 0xffff && letter.length === 2 ? letter : '';
  };

  /** How many bytes the last letter took. */
  let taken = 1;

  /** Decodes with a function that returns the letter for the bytes beyond ASCII at an offset, or nothing. */
  const by = (letterAt) => (bytes, bad) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += taken) {
      taken = 1;
      text += bytes[at] < 0x80 ? fromCharCode(bytes[at]) : letterAt(bytes, at) || bad();
    }
    return text;
  };

  const within = (byte, from, to) => byte >= from && byte <= to;

  const pairAt = (name, lead, trail) =>
    within(trail, 0x40, 0xfe) ? letterOf(pairs[name], (lead - 0x81) * 191 + trail - 0x40) : '';

  /** The letter for two bytes. An ASCII trail byte that makes no pair stands for itself. */
  const pair = (name, bytes, at) => {
    const trail = bytes[at + 1];
    const letter = pairAt(name, bytes[at], trail);
    if (letter || trail >= 0x80) taken = 2;
    return letter;
  };

  const four = (bytes, at) => {
    const [a, b, c, d] = bytes.subarray(at, at + 4);
    if (!within(c, 0x81, 0xfe) || !within(d, 0x30, 0x39)) return '';
    taken = 4;
    const pointer = ((a - 0x81) * 10 + b - 0x30) * 1260 + (c - 0x81) * 10 + d - 0x30;
    if (pointer < 189_000) return letterOf(fours, pointer);
    return pointer - 189_000 > 0xfffff ? '' : fromCodePoint(pointer - 189_000 + 0x10000);
  };

  const chinese = by((bytes, at) => {
    if (bytes[at] === 0x80) return '€';
    if (bytes[at] === 0xff) return '';
    return within(bytes[at + 1], 0x30, 0x39) ? four(bytes, at) : pair('gb18030', bytes, at);
  });

  const plainPairs = (name) => by((bytes, at) => (within(bytes[at], 0x81, 0xfe) ? pair(name, bytes, at) : ''));

  const shiftJis = by((bytes, at) => {
    const lead = bytes[at];
    if (lead === 0x80) return '\x80';
    if (within(lead, 0xa1, 0xdf)) return fromCharCode(KATAKANA + lead - 0xa1);
    return within(lead, 0x81, 0x9f) || within(lead, 0xe0, 0xfc) ? pair('shift_jis', bytes, at) : '';
  });

  const eucJp = by((bytes, at) => {
    const [lead, next] = [bytes[at], bytes[at + 1]];
    if (lead === 0x8e && within(next, 0xa1, 0xdf)) {
      taken = 2;
      return fromCharCode(KATAKANA + next - 0xa1);
    }
    if (lead === 0x8f && within(next, 0xa1, 0xfe)) {
      const letter = pairAt('jis0212', next, bytes[at + 2]);
      taken = letter || bytes[at + 2] >= 0x80 ? 3 : 2;
      return letter;
    }
    return within(lead, 0xa1, 0xfe) ? pair('euc-jp', bytes, at) : '';
  });

  const ESCAPES = { '(B': 'ascii', '(J': 'roman', '(I': 'katakana', '$@': 'pairs', $B: 'pairs' };

  const iso2022 = {
    ascii: (byte) => (byte < 0x80 && byte !== 0x0e && byte !== 0x0f ? fromCharCode(byte) : ''),
    roman: (byte) => (byte === 0x5c ? '¥' : byte === 0x7e ? '‾' : iso2022.ascii(byte)),
    katakana: (byte) => (within(byte, 0x21, 0x5f) ? fromCharCode(KATAKANA + byte - 0x21) : ''),
    pairs: (byte, next) => {
      if (!within(byte, 0x21, 0x7e) || !within(next, 0x21, 0x7e)) return '';
      taken = 2;
      return pairAt('euc-jp', byte + 0x80, next + 0x80);
    },
  };

  const iso2022Jp = (bytes, bad) => {
    let text = '';
    let set = 'ascii';
    for (let at = 0; at < bytes.length; at += taken) {
      taken = 1;
      const begun = bytes[at] === 0x1b ? ESCAPES[fromCharCode(bytes[at + 1], bytes[at + 2])] : undefined;
      if (begun) [set, taken] = [begun, 3];
      else text += (bytes[at] !== 0x1b && iso2022[set](bytes[at], bytes[at + 1])) || bad();
    }
    return text;
  };

  const OTHERS = {
    gbk: chinese,
    gb18030: chinese,
    big5: plainPairs('big5'),
    'euc-kr': plainPairs('euc-kr'),
    shift_jis: shiftJis,
    'euc-jp': eucJp,
    'iso-2022-jp': iso2022Jp,
  };

  return {
    /** The encoding that a label names, or undefined. */
    nameOf: (label) => {
      const wanted = label.trim().toLowerCase();
      return Object.keys(labels).find((name) => labels[name].split(' ').includes(wanted));
    },
    /** The decoder of an encoding other than UTF-8 and UTF-16, or undefined. */
    decoderOf: (name) => {
      if (!Object.hasOwn(singles, name)) return OTHERS[name];
      return by((bytes, at) => letterOf(singles[name], bytes[at] - 0x80));
    },
  };
})();
