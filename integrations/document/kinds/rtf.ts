import { DocumentError } from '../../parsing/program.ts';
import { isEncoding } from '../../text-encoding.ts';

/** Groups whose content is no text of the document. */
const SILENT = new Set(
  `fonttbl colortbl stylesheet listtable listoverridetable info pict object header headerl headerr headerf footer footerl
  footerr footerf themedata colorschememapping datastore latentstyles generator xmlnstbl rsidtbl filetbl revtbl fldinst
  mmathPr bkmkstart bkmkend nonshppict`.split(/\s+/),
);
const BREAKS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  tab: '\t',
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
  128: 'shift_jis',
  129: 'euc-kr',
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
};

/** Text that no reader sees: hidden, or deleted while changes are tracked. A number 0 ends it. */
const UNSEEN = new Set(['v', 'deleted']);

interface State {
  silent: boolean;
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
  let state: State = { silent: false, unseen: [], fallback: 1, encoding: 'windows-1252' };
  let base = 'windows-1252';
  let font = 0;
  let skip = 0;
  let raw: number[] = [];
  const isSeen = (): boolean => !state.silent && state.unseen.length === 0;
  const flush = (): void => {
    if (raw.length > 0 && isSeen()) out.push(new TextDecoder(state.encoding).decode(Uint8Array.from(raw)));
    raw = [];
  };
  const say = (text: string): void => {
    flush();
    if (isSeen()) out.push(text);
  };
  const control = (word: string, value: number): void => {
    if (word === 'ansicpg') state.encoding = base = codePage(value);
    else if (word === 'uc') state.fallback = value;
    else if (word === 'u') {
      say(String.fromCharCode(value & 0xffff));
      skip = state.fallback;
    } else if (word === 'f') {
      font = value;
      state.encoding = fonts.get(value) ?? base;
    } else if (word === 'fcharset') fonts.set(font, CHARSETS[value] ?? base);
    else if (UNSEEN.has(word)) {
      const others = state.unseen.filter((name) => name !== word);
      state.unseen = value === 0 ? others : [...others, word];
    } else if (SILENT.has(word)) state.silent = true;
    else if (BREAKS[word] !== undefined) say(BREAKS[word]);
  };
  const tokens = new RegExp(TOKEN);
  for (let found = tokens.exec(source); found; found = tokens.exec(source)) {
    const [, word, number, hex, symbol, brace, text] = found;
    if (hex === undefined) flush();
    if (brace === '{') {
      if (stack.push({ ...state }) > MAX_DEPTH)
        throw new DocumentError('document.broken', 'the RTF is nested too deeply');
    } else if (brace === '}') state = stack.pop() ?? state;
    else if (word === 'bin') tokens.lastIndex += Math.max(0, Number(number ?? 0));
    else if (word !== undefined) control(word, Number(number ?? 1));
    else if (symbol !== undefined) {
      if (symbol === '*') state.silent = true;
      else if (symbol === '~') say('\u00a0');
      else if ('\\{}'.includes(symbol)) say(symbol);
      else if (symbol === '_') say('-');
      else if (symbol === '\n' || symbol === '\r') say('\n');
    } else if (hex !== undefined) {
      if (skip > 0) skip -= 1;
      else raw.push(Number.parseInt(hex, 16));
    } else if (text !== undefined) {
      const kept = text.slice(skip);
      skip = Math.max(0, skip - text.length);
      if (kept !== '') say(kept);
    }
  }
  flush();
  return out.join('').trim();
}

function codePage(number: number): string {
  const name =
    number === 65_001
      ? 'utf-8'
      : number === 932
        ? 'shift_jis'
        : number === 936
          ? 'gb18030'
          : number === 949
            ? 'euc-kr'
            : number === 950
              ? 'big5'
              : `windows-${number}`;
  return isEncoding(name) ? name : 'windows-1252';
}
