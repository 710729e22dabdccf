import { Readability } from '@mozilla/readability';
import { type CheerioAPI, load } from 'cheerio/slim';
import { parseHTML } from 'linkedom';
import { DocumentError, type Done, type Task } from '../parsing/program.ts';
import { decodeHtml, htmlToMarkdown, htmlToText } from './page.ts';

/** What is taken from an element. */
export interface Field {
  readonly selector?: string | undefined;
  readonly attribute?: string | undefined;
  readonly as: 'text' | 'html' | 'markdown';
  readonly all: boolean;
}

/** Parameters of `extract`. */
export interface ExtractHtml {
  readonly fields?: Readonly<Record<string, Field>> | undefined;
  readonly each?: string | undefined;
  readonly as: 'none' | 'text' | 'markdown' | 'article';
  readonly baseUrl?: string | undefined;
  readonly encoding?: string | undefined;
}

type Nodes = ReturnType<CheerioAPI>;

function extract({ parameters, bytes }: Task<ExtractHtml>): Done {
  const { fields, each, as, baseUrl } = parameters;
  const { text: html } = decodeHtml(bytes, parameters.encoding);
  const page = load(html);
  page('script, style, noscript, template').remove();
  const fieldsOf = (within: Nodes | null) =>
    Object.fromEntries(
      Object.entries(fields ?? {}).map(([name, field]) => [name, valueIn(page, within, name, field, baseUrl)]),
    );
  return {
    value: {
      title: page('title').first().text().trim() || null,
      language: page('html').attr('lang') ?? null,
      ...(each !== undefined && {
        items: select(page, null, each)
          .toArray()
          .map((element) => fieldsOf(page(element))),
      }),
      ...(each === undefined && fields && { fields: fieldsOf(null) }),
      ...(as === 'text' && { text: htmlToText(html) }),
      ...(as === 'markdown' && { markdown: htmlToMarkdown(html) }),
      ...(as === 'article' && { article: articleOf(html) }),
    },
  };
}

function valueIn(
  page: CheerioAPI,
  within: Nodes | null,
  name: string,
  field: Field,
  baseUrl: string | undefined,
): unknown {
  const found = field.selector === undefined ? within : select(page, within, field.selector, name);
  const values = (found?.toArray() ?? []).map((element) => {
    const one = page(element);
    if (field.attribute !== undefined) return attributeOf(one, field.attribute, baseUrl);
    if (field.as === 'html') return one.html() ?? '';
    return field.as === 'markdown' ? htmlToMarkdown(page.html(element)) : htmlToText(page.html(element));
  });
  return field.all ? values : (values[0] ?? null);
}

function attributeOf(element: Nodes, name: string, baseUrl: string | undefined): string | null {
  const value = element.attr(name) ?? null;
  if (value === null || baseUrl === undefined || !/^(href|src)$/.test(name)) return value;
  return URL.canParse(value, baseUrl) ? new URL(value, baseUrl).href : value;
}

function select(page: CheerioAPI, within: Nodes | null, selector: string, name?: string): Nodes {
  try {
    return within ? within.find(selector) : page(selector);
  } catch (error) {
    const where = name === undefined ? 'each' : `fields.${name}`;
    throw new DocumentError('document.value', `The selector of "${where}" is not valid: ${(error as Error).message}.`);
  }
}

/** The article of a page without what surrounds it; null if there is none. */
function articleOf(html: string): object | null {
  const { document } = parseHTML(html);
  const article = new Readability(document as never, { maxElemsToParse: 200_000 }).parse();
  if (!article?.content) return null;
  const { title, byline, excerpt, siteName, lang, publishedTime, content } = article;
  const known = { title, byline, excerpt, siteName, language: lang, publishedTime };
  return {
    ...Object.fromEntries(Object.entries(known).map(([name, value]) => [name, value ?? null])),
    text: htmlToText(content),
    markdown: htmlToMarkdown(content),
  };
}

/** Tasks of `html.extract`. */
export const tasks = { extract };
