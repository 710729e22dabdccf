import { DocumentError } from '../../parsing/program.ts';
import { decodeText, isEncoding } from '../../text-encoding.ts';

/** Groups whose content is no text of the document. */
const SILENT = new Set(
  `fonttbl colortbl stylesheet listtable listoverridetable info pict object header headerl headerr headerf footer footerl
  footerr footerf themedata colorschememapping datastore latentstyles generator xmlnstbl rsidtbl filetbl revtbl fldinst
  mmathPr bkmkstart bkmkend nonshppict nonesttables sp shprslt`.split(/\s+/),
);
/** Groups that are marked as unknown to old programs, and hold text: letters beyond the code page, boxes, ends of inner rows. */
const KNOWN = new Set(['ud', 'shpinst', 'nesttableprops']);
const BREAKS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  column: '\n',
  shptxt: '\n',
  row: '\n',
  nestrow: '\n',
  cell: '\t',
  nestcell: '\t',
  tab: '\t',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  zwj: '\u200d',
  zwnj: '\u200c',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
};
/** Character sets of fonts, by the number that Windows gave them. */
const CHARSETS: Readonly<Record<number, string>> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  130: 'johab',
  134: 'gb18030',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
  254: 'cp437',
  255: 'cp437',
};
/** Encodings of documents that name no code page, by the word at their beginning. */
const SYSTEMS: Readonly<Record<string, string>> = { mac: 'macintosh', pc: 'cp437', pca: 'cp850' };

/** Text that no reader sees: hidden, or deleted while changes are tracked. A number 0 ends it. */
const UNSEEN = new Set(['v', 'deleted']);

interface State {
  silent: boolean;
  /** Whether the group around this one is silent. */
  outer: boolean;
  /** Whether the groups within this one say the same twice: for old programs, and in `ud`. */
  twice: boolean;
  /** Which of `UNSEEN` hold here. */
  unseen: readonly string[];
  /** Characters that stand for a `\u` in programs which do not know it. */
  fallback: number;
  encoding: string;
}

const TOKEN = /\\([a-zA-Z]+)(-?\d+)? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)/g;
const MAX_DEPTH = 1_000;

/** The text of a document in Rich Text Format. */
export function rtfToText(bytes: Buffer): string {
  const source = bytes.toString('latin1');
  const fonts = new Map<number, string>();
  const out: string[] = [];
  const stack: State[] = [];
  let state: State = {
    silent: false,
    outer: false,
    twice: false,
    unseen: [],
    fallback: 1,
    encoding: 'windows-1252',
  };
  let base = 'windows-1252';
  let font = 0;
  let skip = 0;
  let raw: Buffer[] = [];
  const isSeen = (): boolean => !state.silent && state.unseen.length === 0;
  const flush = (): void => {
    if (raw.length > 0 && isSeen()) out.push(lettersOf(Buffer.concat(raw), state.encoding));
    raw = [];
  };
  const say = (text: string): void => {
    flush();
    if (isSeen()) out.push(text);
  };
  const control = (word: string, value: number): void => {
    if (word === 'ansicpg') state.encoding = base = codePage(value);
    else if (Object.hasOwn(SYSTEMS, word)) state.encoding = base = SYSTEMS[word]!;
    else if (word === 'uc') state.fallback = value;
    else if (word === 'u') {
      const code = value & 0xffff;
      if (code !== 0) say(String.fromCharCode(code));
      skip = state.fallback;
    } else if (word === 'f') {
      font = value;
      state.encoding = fonts.get(value) ?? base;
    } else if (word === 'fcharset') fonts.set(font, CHARSETS[value] ?? base);
    else if (word === 'cpg') fonts.set(font, codePage(value));
    else if (word === 'upr') state.twice = true;
    else if (KNOWN.has(word)) state.silent = state.outer;
    else if (UNSEEN.has(word)) {
      const others = state.unseen.filter((name) => name !== word);
      state.unseen = value === 0 ? others : [...others, word];
    } else if (SILENT.has(word)) state.silent = true;
    if (Object.hasOwn(BREAKS, word)) say(BREAKS[word]!);
  };
  const tokens = new RegExp(TOKEN);
  for (let found = tokens.exec(source); found; found = tokens.exec(source)) {
    const [, word, number, hex, symbol, brace, text] = found;
    const isLineEnd = /^[\r\n]/.test(found[0]);
    // The second byte of a letter may be written as itself, or as a sign.
    const letters = text ?? (symbol !== undefined && '\\{}'.includes(symbol) ? symbol : undefined);
    if (hex === undefined && letters === undefined && !isLineEnd) flush();
    if (brace !== undefined) skip = 0;
    if (brace === '{') {
      if (stack.push({ ...state }) > MAX_DEPTH)
        throw new DocumentError('document.broken', 'the RTF is nested too deeply');
      state = { ...state, outer: state.silent, silent: state.silent || state.twice, twice: false };
    } else if (brace === '}') state = stack.pop() ?? state;
    else if (word === 'bin') tokens.lastIndex += Math.max(0, Number(number ?? 0));
    else if (word !== undefined) control(word, Number(number ?? 1));
    else if (hex !== undefined || letters !== undefined) {
      const bytes = hex === undefined ? Buffer.from(letters!, 'latin1') : Buffer.from(hex, 'hex');
      raw.push(bytes.subarray(skip));
      skip = Math.max(0, skip - bytes.length);
    } else if (symbol === '*') state.silent = true;
    else if (symbol === '~') say('\u00a0');
    else if (symbol === '_') say('-');
    else if (symbol === '\n' || symbol === '\r') say('\n');
  }
  flush();
  return out.join('').trim();
}

/** Nothing is guessed, because a wrong guess gives wrong letters and no error. */
function lettersOf(bytes: Buffer, encoding: string): string {
  const isAscii = bytes.every((byte) => byte < 0x80);
  const text = decodeText(bytes, isAscii ? 'utf-8' : encoding);
  if (text !== null) return text;
  throw new DocumentError(
    'document.encoding',
    `The RTF holds letters that cannot be read in the encoding it names (${encoding}). Save it as .docx.`,
  );
}

const CODE_PAGES: Readonly<Record<number, string>> = {
  0: 'windows-1252',
  866: 'ibm866',
  932: 'shift_jis',
  936: 'gb18030',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  20866: 'koi8-r',
  21866: 'koi8-u',
  65001: 'utf-8',
};

function codePage(number: number): string {
  const named = CODE_PAGES[number] ?? (number > 28_590 && number < 28_606 ? `iso-8859-${number - 28_590}` : null);
  return named ?? (isEncoding(`windows-${number}`) ? `windows-${number}` : `cp${number}`);
}
