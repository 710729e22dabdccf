/** What a provider answered, taken out of whatever its library throws. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed, if it is JSON. */
  readonly body: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Where libraries keep a status, headers and a body. The first that is there counts. */
const STATUS = [
  'status',
  'statusCode',
  'response.status',
  'response.statusCode',
  '$metadata.httpStatusCode',
  'error_code',
];
const HEADERS = ['headers', 'response.headers', '$response.headers'];
const BODY = ['body', 'error', 'rawError', 'raw', 'response.data', 'response.body', 'data'];

/**
 * The answer inside an error, or null if there was none. A status alone is no answer: some libraries write 500 into the
 * error of a broken connection.
 */
export function answerIn(thrown: unknown): Answer | null {
  if (thrown === null || typeof thrown !== 'object') return null;
  const status = first(thrown, STATUS, (value) => (isStatus(value) ? value : undefined));
  const headers = first(thrown, HEADERS, readHeaders);
  const body = first(thrown, BODY, (value) => (value instanceof Error ? undefined : (value ?? undefined)));
  if (status === undefined || (headers === undefined && body === undefined)) return null;
  return { status, headers: headers ?? {}, body: parsed(body) };
}

/** What lies at a path such as `error.code`; `[]` stands for any entry of a list. Every value found, in order. */
export function valuesAt(value: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (found, part) =>
      found.flatMap((one) => {
        if (part === '[]') return Array.isArray(one) ? one : [];
        const inner = one !== null && typeof one === 'object' ? (one as Fields)[part] : undefined;
        return inner === undefined ? [] : [inner];
      }),
    [value],
  );
}

function first<T>(error: object, paths: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
  for (const path of paths) {
    const [value] = valuesAt(error, path);
    const found = value === undefined ? undefined : read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isStatus = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599;

function readHeaders(value: unknown): Record<string, string> | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { entries } = value as { entries?: unknown };
  const pairs: Iterable<[string, unknown]> =
    typeof entries === 'function' ? (value as Headers).entries() : Object.entries(value);
  return Object.fromEntries([...pairs].map(([name, text]) => [name.toLowerCase(), String(text)]));
}

/** Refusals say what they say in a few words. A longer text is no such answer, and parsing it could take long. */
const LONGEST_REFUSAL = 1_000_000;

/** Some libraries keep the body as text, or as the error around it: `{ error: { code } }` becomes `{ code }`. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string' || body.length > LONGEST_REFUSAL) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
