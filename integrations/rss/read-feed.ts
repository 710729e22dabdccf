import { NodeError } from '../error.ts';
import { shortHash } from '../watching/seen.ts';

/** An item of a feed, whatever the feed's format. */
export interface FeedItem {
  readonly id: string;
  readonly title: string | null;
  readonly link: string | null;
  readonly author: string | null;
  readonly publishedAt: string | null;
  readonly updatedAt: string | null;
  readonly summary: string | null;
  readonly content: string | null;
  readonly categories: string[];
  readonly enclosures: { readonly url: string; readonly type: string | null; readonly size: number | null }[];
  readonly feed: { readonly title: string | null; readonly link: string | null };
}

/** What the four formats have in common, as the parser names it. All fields may be missing: feeds are written by hand. */
interface Parsed {
  readonly id?: string;
  readonly guid?: { readonly value?: string };
  readonly rdf?: { readonly about?: string };
  readonly title?: Text;
  readonly link?: string;
  readonly url?: string;
  readonly external_url?: string;
  readonly home_page_url?: string;
  readonly links?: readonly {
    readonly href?: string;
    readonly rel?: string;
    readonly type?: string;
    readonly length?: number;
  }[];
  readonly authors?: readonly { readonly name?: string; readonly email?: string }[];
  readonly dc?: { readonly creators?: readonly string[]; readonly dates?: readonly string[] };
  readonly pubDate?: string;
  readonly published?: string;
  readonly date_published?: string;
  readonly updated?: string;
  readonly date_modified?: string;
  readonly description?: string;
  readonly summary?: Text;
  readonly content?: { readonly encoded?: string; readonly value?: string };
  readonly content_html?: string;
  readonly content_text?: string;
  readonly categories?: readonly { readonly name?: string; readonly term?: string }[];
  readonly tags?: readonly string[];
  readonly enclosures?: readonly { readonly url?: string; readonly type?: string; readonly length?: number }[];
  readonly attachments?: readonly {
    readonly url?: string;
    readonly mime_type?: string;
    readonly size_in_bytes?: number;
  }[];
  readonly items?: readonly Parsed[];
  readonly entries?: readonly Parsed[];
}

type Text = string | { readonly value?: string };

/** Reads a feed. @throws NodeError `rss.notAFeed` */
export async function readFeed(body: string): Promise<FeedItem[]> {
  const { parseFeed } = await import('feedsmith');
  let feed: Parsed;
  try {
    feed = parseFeed(body).feed as Parsed;
  } catch {
    throw new NodeError(
      'rss.notAFeed',
      'The answer is not RSS, RDF, Atom or JSON Feed, or it is cut off. Open the address in a browser: it must show a feed, not a page.',
      { retryable: true },
    );
  }
  const about = { title: textOf(feed.title), link: linkOf(feed) };
  return (feed.items ?? feed.entries ?? []).map((item) => itemOf(item, about));
}

function itemOf(item: Parsed, feed: FeedItem['feed']): FeedItem {
  const title = textOf(item.title);
  const link = linkOf(item);
  const summary = textOf(item.summary) ?? item.description ?? null;
  const content = item.content?.encoded ?? item.content?.value ?? item.content_html ?? item.content_text ?? null;
  return {
    id: item.guid?.value ?? item.id ?? item.rdf?.about ?? link ?? title ?? shortHash(summary ?? '', content ?? ''),
    title,
    link,
    author: item.authors?.[0]?.name ?? item.authors?.[0]?.email ?? item.dc?.creators?.[0] ?? null,
    publishedAt: timeOf(item.pubDate ?? item.published ?? item.date_published ?? item.dc?.dates?.[0]),
    updatedAt: timeOf(item.updated ?? item.date_modified),
    summary,
    content,
    categories: [...(item.categories ?? []).flatMap(({ name, term }) => name ?? term ?? []), ...(item.tags ?? [])],
    enclosures: enclosuresOf(item),
    feed,
  };
}

function enclosuresOf({ enclosures = [], attachments = [], links = [] }: Parsed): FeedItem['enclosures'] {
  const found = [
    ...enclosures.map(({ url, type, length }) => ({ url, type, size: length })),
    ...attachments.map(({ url, mime_type, size_in_bytes }) => ({ url, type: mime_type, size: size_in_bytes })),
    ...links
      .filter(({ rel }) => rel === 'enclosure')
      .map(({ href, type, length }) => ({ url: href, type, size: length })),
  ];
  return found.flatMap(({ url, type, size }) =>
    url === undefined ? [] : [{ url, type: type ?? null, size: size ?? null }],
  );
}

function linkOf({ link, url, external_url, home_page_url, links }: Parsed): string | null {
  const alternate = links?.find(({ rel }) => rel === undefined || rel === 'alternate');
  return link ?? url ?? external_url ?? home_page_url ?? alternate?.href ?? null;
}

const textOf = (text: Text | undefined): string | null =>
  (typeof text === 'string' ? text : text?.value)?.trim() || null;

/** A date as ISO, or null: what is not a date to JavaScript is left out. */
function timeOf(text: string | undefined): string | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
