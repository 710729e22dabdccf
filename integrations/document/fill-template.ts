import Docxtemplater from 'docxtemplater';
import Mustache from 'mustache';
import PizZip from 'pizzip';
import { decodeHtml } from '../html/page.ts';
import { DocumentError } from '../parsing/program.ts';
import { recognise } from './kinds/kind.ts';

/** Parameters of `fromTemplate`. */
export interface FillTemplate {
  readonly data: unknown;
  /** Encoding of the template, if it is known. */
  readonly encoding?: string | undefined;
}

/** Fills a template of Word or HTML, by the rules of Mustache. */
export async function fillTemplate(
  bytes: Buffer,
  { data, encoding }: FillTemplate,
): Promise<{ kind: 'docx' | 'html'; bytes: Uint8Array }> {
  const { kind } = await recognise(bytes, encoding);
  if (kind === 'docx') return { kind, bytes: fillWord(bytes, data) };
  if (kind === 'html' || kind === 'text')
    return { kind: 'html', bytes: fillHtml(decodeHtml(bytes, encoding).text, data) };
  throw new DocumentError('document.kind', `A template is a document of Word (.docx) or HTML, and this is ${kind}.`);
}

function fillHtml(template: string, data: unknown): Uint8Array {
  try {
    return Buffer.from(Mustache.render(template, data as object), 'utf8');
  } catch (error) {
    throw new DocumentError('document.template', `The template has a mistake: ${(error as Error).message}.`);
  }
}

function fillWord(bytes: Buffer, data: unknown): Uint8Array {
  try {
    const template = new Docxtemplater(new PizZip(bytes), {
      delimiters: { start: '{{', end: '}}' },
      paragraphLoop: true,
      linebreaks: true,
      nullGetter: () => '',
      parser: (tag) => ({ get: (scope: unknown) => valueAt(scope, tag) }),
    });
    return template
      .render(data as object)
      .getZip()
      .generate({ type: 'uint8array', compression: 'DEFLATE' });
  } catch (error) {
    throw new DocumentError('document.template', `The template has a mistake: ${reasonsOf(error)}`);
  }
}

/** A value by its path, such as `customer.name`; `.` is the value of the loop. Own fields only. */
function valueAt(scope: unknown, path: string): unknown {
  if (path === '.') return scope;
  let value = scope;
  for (const name of path.trim().split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

interface Reasons {
  readonly message: string;
  readonly properties?: { readonly explanation?: string; readonly errors?: readonly Reasons[] };
}

function reasonsOf(error: unknown): string {
  const { message, properties } = error as Reasons;
  const all = properties?.errors?.map((one) => one.properties?.explanation ?? one.message) ?? [];
  return all.length > 0 ? all.slice(0, 10).join('; ') : (properties?.explanation ?? message);
}
