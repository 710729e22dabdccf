import { z } from 'zod';

const path = (description: string) => z.string().min(1).max(200).describe(description);
const name = (description: string) => z.string().min(1).max(200).describe(description);

/** The parameters that every way of paging has. */
const common = () => ({
  items: z
    .string()
    .max(200)
    .default('')
    .describe('Dotted path of the list in the answer, such as `data.items`; empty: the answer itself.'),
  maxPages: z.int().min(1).max(10_000).default(100).describe('Stop after this many pages.'),
});

/** The parameter that recognises the last page by a flag. */
const more = () => ({
  more: path(
    'Dotted path of a flag that is false on the last page, such as `has_more`. Without a flag, the pages end as usual for this way.',
  ).optional(),
});

const START = 'Number to start with. Default: 0 with `by: offset`, 1 with `by: page`.';

/** Where the service expects a position: in a query parameter, or within the JSON body. */
const place = () => ({
  parameter: name(
    'Query parameter that takes the cursor, the id or the number. Default: `offset` with `by: offset`, `page` with `by: page`.',
  ).optional(),
  field: path(
    'Dotted path of the field in the JSON body of the request that takes the cursor, the id or the number instead, such as `variables.after`.',
  ).optional(),
});

/** `onePlace` for editors and the validator, which read the JSON Schema. */
const ONE_PLACE = { anyOf: [{ required: ['parameter'] }, { required: ['field'] }] };

const mayBeAbsent = () =>
  z
    .boolean()
    .default(false)
    .describe(
      'True if the service leaves the cursor or address out on its last page, so that a single page has none. Otherwise a first answer without it is an error, because the path may be wrong.',
    );

type Place = { readonly parameter?: string | undefined; readonly field?: string | undefined };
const onePlace = ({ parameter, field }: Place): boolean => (parameter === undefined) !== (field === undefined);
const atMostOnePlace = ({ parameter, field }: Place): boolean => parameter === undefined || field === undefined;

const byLink = z.strictObject({
  by: z.literal('link').describe('Follow the `Link: <…>; rel="next"` header.'),
  ...common(),
});

const byNext = z.strictObject({
  by: z.literal('next').describe('Follow the address of the next page, which the answer contains.'),
  next: path('With `by: next`: dotted path of that address, such as `next` or `links.next`; null or "" ends.'),
  mayBeAbsent: mayBeAbsent(),
  ...common(),
});

const byCursor = z
  .strictObject({
    by: z.literal('cursor').describe('Send the cursor from an answer with the next request.'),
    cursor: path('With `by: cursor`: dotted path of the next cursor in the answer; null or "" ends.'),
    ...place(),
    mayBeAbsent: mayBeAbsent(),
    ...more(),
    ...common(),
  })
  .refine(onePlace, 'give either parameter or field: where the cursor is sent')
  .meta(ONE_PLACE);

const byLast = z
  .strictObject({
    by: z.literal('last').describe('Send the id of the last item with the next request, until a page is empty.'),
    id: path('With `by: last`: dotted path of the id within an item.').default('id'),
    ...place(),
    ...more(),
    ...common(),
  })
  .refine(onePlace, 'give either parameter or field: where the id is sent')
  .meta(ONE_PLACE);

const byOffset = z
  .strictObject({
    by: z
      .literal('offset')
      .describe(
        'Send the number of items fetched so far, until a page is empty. Set the size of a page in `query` or `json`.',
      ),
    ...place(),
    start: z.int().min(0).default(0).describe(START),
    total: path(
      'With `by: offset`: dotted path of the total number of items, which saves the last, empty request.',
    ).optional(),
    ...more(),
    ...common(),
  })
  .refine(atMostOnePlace, 'give parameter or field, not both');

const byPage = z
  .strictObject({
    by: z.literal('page').describe('Request page after page by number, until one is empty.'),
    ...place(),
    start: z.int().min(0).default(1).describe(START),
    ...more(),
    ...common(),
  })
  .refine(atMostOnePlace, 'give parameter or field, not both');

/** How the pages of a list are fetched. */
export const pagination = () => z.discriminatedUnion('by', [byLink, byNext, byCursor, byLast, byOffset, byPage]);

type Way<By> = Extract<z.output<ReturnType<typeof pagination>>, { by: By }>;

/** By the address of the next page in the answer. */
export type ByNext = Way<'next'>;
/** By a cursor in the answer. */
export type ByCursor = Way<'cursor'>;
/** By the id of the last item. */
export type ByLast = Way<'last'>;
/** By the number of items so far. */
export type ByOffset = Way<'offset'>;
/** By the number of the page. */
export type ByPage = Way<'page'>;
