import pdfmake from 'pdfmake';
import { htmlToMarkdown } from '../html/page.ts';
import type { Done, Task } from '../parsing/program.ts';
import { type Part, partsOf } from './content.ts';
import { FACES } from './faces.ts';

/** Parameters of `create`. */
export interface CreatePdf {
  readonly markdown?: string | undefined;
  readonly html?: string | undefined;
  readonly title?: string | undefined;
  readonly author?: string | undefined;
  readonly pageSize: string;
  readonly landscape: boolean;
  readonly header?: string | undefined;
  readonly footer?: string | undefined;
  readonly fontSize: number;
}

const STYLES = {
  h1: { fontSize: 20, bold: true, margin: [0, 0, 0, 10] },
  h2: { fontSize: 16, bold: true, margin: [0, 8, 0, 8] },
  h3: { fontSize: 13, bold: true, margin: [0, 6, 0, 6] },
  h4: { bold: true, margin: [0, 4, 0, 4] },
  h5: { bold: true, italics: true, margin: [0, 4, 0, 4] },
  h6: { italics: true, margin: [0, 4, 0, 4] },
  code: { font: 'Mono', fontSize: 9, margin: [0, 0, 0, 8], background: '#f4f4f4' },
};

async function create({ parameters, asset }: Task<CreatePdf>): Promise<Done> {
  const { markdown, html, title, author, pageSize, landscape, header, footer, fontSize } = parameters;
  const content = partsOf(markdown ?? htmlToMarkdown(html ?? ''));
  for (const face of Object.values(FACES).flatMap((faces) => Object.values(faces)))
    pdfmake.virtualfs.writeFileSync(face, asset(face));
  pdfmake.setFonts(FACES);
  let pages = 0;
  const edge = (text: string | undefined) => (page: number, count: number) => {
    pages = count;
    return text === undefined ? '' : small(text.replaceAll('{page}', `${page}`).replaceAll('{pages}', `${count}`));
  };
  const made = await pdfmake
    .createPdf({
      content,
      pageSize,
      pageOrientation: landscape ? 'landscape' : 'portrait',
      pageMargins: [56, 56, 56, 56],
      info: { ...(title !== undefined && { title }), ...(author !== undefined && { author }), producer: 'Blok' },
      defaultStyle: { font: 'Sans', fontSize, lineHeight: 1.2 },
      styles: STYLES,
      header: edge(header),
      footer: edge(footer),
    })
    .getBuffer();
  return { value: { pages }, bytes: [made] };
}

const small = (text: string): Part => ({
  text,
  alignment: 'center',
  fontSize: 9,
  color: '#666666',
  margin: [56, 24, 56, 0],
});

/** Tasks of `pdf.create`. */
export const tasks = { create };
