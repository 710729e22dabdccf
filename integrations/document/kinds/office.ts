import mammoth from 'mammoth';
import { mainPartOf, targetsOf, textOf } from '../../excel/parts.ts';
import { DocumentError } from '../../parsing/program.ts';
import { localName, readXml } from '../../parsing/xml-events.ts';
import type { Archive } from '../../zip/entries.ts';

/** A document of Word as HTML, without its images. What stands at the top or the bottom of its pages is there once. */
export async function wordToHtml(archive: Archive): Promise<string> {
  const [tops, bottoms] = [await edgesOf(archive, 'header'), await edgesOf(archive, 'footer')];
  return [...tops, await bodyOf(archive), ...bottoms].join('');
}

async function bodyOf(archive: Archive): Promise<string> {
  const none = mammoth.images.imgElement(async () => ({ src: '' }));
  const options = { convertImage: none, externalFileAccess: false };
  const { value } = await mammoth.convertToHtml({ file: partsOf(archive) } as never, options);
  return value.replaceAll(/<img[^>]*>/g, '');
}

/** The lines of all headers or footers, which mammoth leaves out: a letterhead, the number of an invoice. */
async function edgesOf(archive: Archive, type: 'header' | 'footer'): Promise<string[]> {
  const main = await mainPartOf(archive);
  if (main === undefined) return [];
  const lines = new Set<string>();
  for (const part of (await targetsOf(archive, main)).values())
    if (part.type.endsWith(`/${type}`)) {
      const xml = replacedByFallback(await textOf(archive, part.file, '<none/>'));
      for (const line of linesOfParagraphs(xml).split('\n')) lines.add(line.trim());
    }
  return [...lines].filter((line) => line !== '').map((line) => `<p>${escapeHtml(line)}</p>`);
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What is drawn is there twice: for new programs, and for old ones. */
const replacedByFallback = (xml: string): string => xml.replaceAll(/<mc:Choice[\s>][\s\S]*?<\/mc:Choice>/g, '');

/** The parts of a document of Word, as mammoth asks for them. */
function partsOf(archive: Archive) {
  const names = new Set(archive.entries.map(({ fileName }) => fileName));
  return {
    exists: (name: string): boolean => names.has(name),
    read: async (name: string, encoding?: string): Promise<string | Uint8Array> => {
      const bytes = await archive.read(name);
      if (!bytes) throw new DocumentError('document.broken', `it holds no ${name}`);
      // Images are left out, so all that is read with an encoding is XML.
      return encoding === undefined ? bytes : unwrapped(bytes.toString('utf8'));
    },
  };
}

/** An attribute may hold what would end a tag. */
const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^>"'])*`;
/** What encloses text that mammoth would drop together with it: results of fields, directions, bases of small letters (ruby). */
const WRAPPERS = new RegExp(`</?w:(?:fldSimple|dir|bdo|ruby|rubyBase)(?![\\w.-])${ATTRIBUTES}>`, 'g');
/** The letters of a formula are runs of text; what says how they stand is left out. */
const RUN_OF_MATH = /(<\/?)m:(r|t)(?=[\s>])/g;
const MATH = new RegExp(`</?m:[\\w.-]+${ATTRIBUTES}>`, 'g');
/** The small letters say how to pronounce the base. */
const PRONUNCIATION = /<w:rt>[\s\S]*?<\/w:rt>/g;

const unwrapped = (xml: string): string =>
  xml
    .replaceAll(PRONUNCIATION, '')
    .replaceAll(WRAPPERS, '')
    .replaceAll(RUN_OF_MATH, '$1w:$2')
    .replaceAll(MATH, '')
    .replaceAll(/<w:cr\s*\/>/g, '<w:br/>');

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

/** The text of each slide of a presentation and the notes of its speaker, in the order in which the slides are shown. */
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
  const targets = await targetsOf(archive, file);
  const slides: string[] = [];
  for (const id of ids) {
    const slide = targets.get(id)?.file;
    if (slide === undefined) continue;
    const notes = await notesOf(archive, slide);
    const said = linesOfParagraphs(await textOf(archive, slide));
    slides.push(notes === '' ? said : `${said}\n\nNotes: ${notes}`.trim());
  }
  return slides;
}

/** What the speaker wrote below a slide. A page of notes also shows the slide, its number and the date. */
async function notesOf(archive: Archive, slide: string): Promise<string> {
  const page = [...(await targetsOf(archive, slide)).values()].find(({ type }) => type.endsWith('/notesSlide'))?.file;
  return page === undefined ? '' : linesOfParagraphs(await textOf(archive, page, '<notes/>'), 'body');
}

/**
 * A line for each paragraph; cells of a table row are separated by tabs.
 *
 * @param only the kind of placeholder whose text is wanted. Default: all text
 */
function linesOfParagraphs(xml: string, only?: string): string {
  const lines: string[] = [];
  let shapeBegan = 0;
  let placeholder: string | undefined;
  let line = '';
  let inText = false;
  let inTable = 0;
  readXml(xml, {
    open: (name, { type }) => {
      const local = localName(name);
      if (local === 'sp') [shapeBegan, placeholder] = [lines.length, undefined];
      if (local === 'ph') placeholder = type;
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
      if (local === 'sp' && only !== undefined && placeholder !== only) lines.length = shapeBegan;
    },
  });
  return lines.join('\n');
}
