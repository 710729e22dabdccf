import mammoth from 'mammoth';
import { relationsOf, textOf } from '../../excel/parts.ts';
import { localName, readXml } from '../../parsing/xml-events.ts';
import type { Archive } from '../../zip/entries.ts';

/** A document of Word as HTML, without its images. */
export async function wordToHtml(bytes: Buffer): Promise<string> {
  const none = mammoth.images.imgElement(async () => ({ src: '' }));
  const { value } = await mammoth.convertToHtml({ buffer: bytes }, { convertImage: none, externalFileAccess: false });
  return value.replaceAll(/<img[^>]*>/g, '');
}

/** The title that an Office document has, or null. */
export async function titleOf(archive: Archive): Promise<string | null> {
  const xml = await archive.read('docProps/core.xml');
  if (!xml) return null;
  let title = '';
  let within = false;
  readXml(xml.toString('utf8').replace(/^\ufeff/, ''), {
    open: (name) => {
      if (localName(name) === 'title') within = true;
    },
    text: (text) => {
      if (within) title += text;
    },
    close: () => {
      within = false;
    },
  });
  return title.trim() || null;
}

/** The text of each slide of a presentation, in the order in which they are shown. */
export async function slidesOf(archive: Archive): Promise<string[]> {
  const file = 'ppt/presentation.xml';
  const ids: string[] = [];
  readXml(await textOf(archive, file), {
    open: (name, attributes) => {
      if (localName(name) !== 'sldId') return;
      const id = Object.entries(attributes).find(([key]) => key.includes(':') && localName(key) === 'id')?.[1];
      if (id !== undefined) ids.push(id);
    },
  });
  const targets = await relationsOf(archive, 'ppt/_rels/presentation.xml.rels', 'ppt/');
  const slides: string[] = [];
  for (const id of ids) {
    const slide = targets.get(id)?.file;
    if (slide !== undefined) slides.push(textOfSlide(await textOf(archive, slide)));
  }
  return slides;
}

/** A line for each paragraph; cells of a table row are separated by tabs. */
function textOfSlide(xml: string): string {
  const lines: string[] = [];
  let line = '';
  let inText = false;
  let inTable = 0;
  readXml(xml, {
    open: (name) => {
      const local = localName(name);
      if (local === 't') inText = true;
      if (local === 'br') line += '\n';
      if (local === 'tbl') inTable += 1;
    },
    text: (text) => {
      if (inText) line += text;
    },
    close: (name) => {
      const local = localName(name);
      if (local === 't') inText = false;
      if (local === 'tbl') inTable -= 1;
      if (local === 'tc') line += '\t';
      if ((local === 'p' && inTable === 0) || local === 'tr') {
        if (line.trim() !== '') lines.push(line.trimEnd());
        line = '';
      }
    },
  });
  return lines.join('\n');
}
