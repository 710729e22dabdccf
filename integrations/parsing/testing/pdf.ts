/** A piece of text on a page, and where it stands. */
export interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** A PDF of given pages in a standard font, written by hand: each piece of text stands where it says. */
export function pdfOf(pages: readonly (readonly Placed[])[], { title }: { title?: string } = {}): Buffer {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const font = add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  const parent = font + 1 + pages.length * 2;
  const kids = pages.map((pieces) => {
    const text = pieces
      .map(({ text, x, y }) => `BT /F1 12 Tf 1 0 0 1 ${x} ${y} Tm (${escaped(text)}) Tj ET`)
      .join('\n');
    const content = add(`<< /Length ${text.length} >>\nstream\n${text}\nendstream`);
    return add(
      `<< /Type /Page /Parent ${parent} 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R /Resources << /Font << /F1 ${font} 0 R >> >> >>`,
    );
  });
  add(`<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`);
  const catalog = add(`<< /Type /Catalog /Pages ${parent} 0 R >>`);
  const info = title === undefined ? null : add(`<< /Title (${escaped(title)}) >>`);
  return assemble(objects, `/Root ${catalog} 0 R${info === null ? '' : ` /Info ${info} 0 R`}`);
}

const escaped = (text: string): string => text.replaceAll(/[\\()]/g, (letter) => `\\${letter}`);

/** Objects with their table of places. */
export function assemble(objects: readonly string[], trailer: string): Buffer {
  let text = '%PDF-1.4\n';
  const places = objects.map((body, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${body}\nendobj\n`;
    return place;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
