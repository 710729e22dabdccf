import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { encodingOf, ONE_SOURCE, oneSource, sourceBytes, sourceErrors, textSourceFields } from '../parsing/source.ts';
import { encoding, json } from '../schema.ts';

const field = z.strictObject({
  selector: z.string().min(1).max(1000).optional().describe('CSS selector. Absent: the element of `each` itself.'),
  attribute: z.string().max(100).optional().describe('The attribute to take, such as `href`. Default: the content.'),
  as: z.enum(['text', 'html', 'markdown']).default('text').describe('How the content is given.'),
  all: z.boolean().default(false).describe('A list of all that match, instead of the first.'),
});

const text = () => z.string().nullable();

const article = z.object({
  title: text().describe('Title, or null.'),
  byline: text().describe('Who wrote it, or null.'),
  excerpt: text().describe('The first lines, or what the page says of itself, or null.'),
  siteName: text().describe('Name of the site, or null.'),
  language: text().describe('Language, or null.'),
  publishedTime: text().describe('When it was published, as the page says, or null.'),
  text: z.string().describe('The article as text.'),
  markdown: z.string().describe('The article as Markdown.'),
});

const output = z.object({
  title: text().describe('Title of the page, or null.'),
  language: text().describe('Language that the page declares, or null.'),
  text: z.string().optional().describe('The page as text.'),
  markdown: z.string().optional().describe('The page as Markdown.'),
  article: article.nullable().optional().describe('The article of the page; null if none was found.'),
  fields: z.record(z.string(), json()).optional().describe('The values of `fields`; null where nothing matches.'),
  items: z.array(z.record(z.string(), json())).optional().describe('The values of `fields` for each match of `each`.'),
});

/** Takes values, text or the article out of a page. */
export const extract = defineNode({
  type: 'html.extract',
  version: '1.0.0',
  title: 'Extract from HTML',
  description: 'Takes values by CSS selectors, the text, the article or Markdown out of an HTML page.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...textSourceFields(),
      fields: z.record(z.string().max(200), field).optional().describe('Values to take, by the name they get.'),
      each: z
        .string()
        .min(1)
        .max(1000)
        .optional()
        .describe('CSS selector: the values are taken from each match, and returned as `items`.'),
      as: z
        .enum(['none', 'text', 'markdown', 'article'])
        .default('none')
        .describe('What else to return: the page as text or Markdown, or its article without what surrounds it.'),
      baseUrl: z.url().optional().describe('Address of the page, to which `href` and `src` are relative.'),
      encoding: encoding().optional().describe('Encoding. Default: what the page declares, else UTF-8.'),
    })
    .refine(oneSource, ONE_SOURCE)
    .refine(({ each, fields }) => each === undefined || fields !== undefined, 'each needs fields'),
  output,
  examples: [
    {
      title: 'A list of products',
      with: {
        text: '<ul><li><a href="/tea">Tea</a></li></ul>',
        each: 'li',
        fields: { name: { selector: 'a' }, link: { selector: 'a', attribute: 'href' } },
      },
    },
    { title: 'The article of a page', with: { path: 'pages/news.html', as: 'article' } },
  ],
  errors: {
    ...sourceErrors,
    ...documentErrors('document.broken', 'document.encoding', 'document.kind', 'document.value'),
  },
  notes: 'Nothing of the page runs and nothing that it names is loaded. Fetch a page with `http.request` before.',
  async run(ctx, { path, text, base64, blob, ...parameters }) {
    const { parse } = await import('../parsing/parse.ts');
    const bytes = await sourceBytes(ctx, { path, text, base64, blob });
    const encoding = encodingOf({ text }, parameters.encoding);
    const call = {
      parser: 'html',
      task: 'extract',
      parameters: { ...parameters, encoding },
      bytes,
      answer: output,
    } as const;
    return (await parse(ctx, call)).value;
  },
});
