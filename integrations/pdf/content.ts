import { lexer, type Token, type Tokens } from 'marked';

/** A part of a document as pdfmake takes it. */
export type Part = Readonly<Record<string, unknown>> | string;

/** What surrounds a piece of text. */
type Marks = Readonly<Record<string, unknown>>;

/** Markdown as parts of a document. */
export const partsOf = (markdown: string): Part[] => blocks(lexer(markdown));

const blocks = (tokens: readonly Token[]): Part[] => tokens.flatMap((token) => block(token));

function block(token: Token): Part[] {
  switch (token.type) {
    case 'heading':
      return [{ text: inline(within(token)), style: `h${(token as Tokens.Heading).depth}` }];
    case 'paragraph':
    case 'text':
      return [{ text: within(token).length > 0 ? inline(within(token)) : plain(token), margin: [0, 0, 0, 6] }];
    case 'list': {
      const { ordered, start, items } = token as Tokens.List;
      const entries = items.map(({ tokens }) => ({ stack: blocks(tokens) }));
      return [{ [ordered ? 'ol' : 'ul']: entries, ...(ordered && start !== '' && { start }), margin: [0, 0, 0, 6] }];
    }
    case 'table':
      return [tableOf(token as Tokens.Table)];
    case 'code':
      return [{ text: plain(token), style: 'code', preserveLeadingSpaces: true }];
    case 'blockquote':
      return [{ stack: blocks(within(token)), margin: [12, 0, 0, 6], italics: true, color: '#444444' }];
    case 'hr':
      return [{ canvas: [{ type: 'line', x1: 0, y1: 4, x2: 480, y2: 4, lineWidth: 0.5 }], margin: [0, 4, 0, 10] }];
    default:
      return [];
  }
}

/** The tokens within a token. */
const within = (token: Token): readonly Token[] => ('tokens' in token ? (token.tokens ?? []) : []);

function tableOf({ header, rows, align }: Tokens.Table): Part {
  const cell = ({ tokens }: Tokens.TableCell, at: number, marks: Marks) => ({
    text: inline(tokens),
    ...marks,
    ...(align[at] && { alignment: align[at] }),
  });
  const body = [
    header.map((one, at) => cell(one, at, { bold: true, fillColor: '#eeeeee' })),
    ...rows.map((row) => row.map((one, at) => cell(one, at, {}))),
  ];
  const widths = header.map(() => 'auto');
  return { table: { headerRows: 1, widths, body }, layout: 'lightHorizontalLines', margin: [0, 2, 0, 10] };
}

function inline(tokens: readonly Token[], marks: Marks = {}): Part[] {
  return tokens.flatMap((token): Part[] => {
    const marked = (more: Marks): Part[] => inline(within(token), { ...marks, ...more });
    switch (token.type) {
      case 'strong':
        return marked({ bold: true });
      case 'em':
        return marked({ italics: true });
      case 'del':
        return marked({ decoration: 'lineThrough' });
      case 'link':
        return marked({ link: (token as Tokens.Link).href, color: '#0645ad', decoration: 'underline' });
      case 'codespan':
        return [{ text: plain(token), ...marks, font: 'Mono' }];
      case 'br':
        return ['\n'];
      case 'html':
        return [];
      default:
        return within(token).length > 0 ? marked({}) : [{ text: plain(token), ...marks }];
    }
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: '\u00a0',
};

const plain = (token: Token): string =>
  ('text' in token ? String(token.text) : token.raw).replaceAll(
    /&(amp|lt|gt|quot|#39|nbsp);/g,
    (_, name: string) => ENTITIES[name]!,
  );
