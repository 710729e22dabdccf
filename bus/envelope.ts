/** A topic, and what is said about it. */
export type Hint = readonly [topic: string, hint: string];

/** What travels between processes. */
export interface Letter {
  /** The bus that sent it. */
  readonly sender: string;
  readonly hints: readonly Hint[];
}

/** Postgres takes no longer text in a NOTIFY than 8,000 bytes. */
const MOST_BYTES = 7_900;

/** Texts that hold all hints. */
export function encode(sender: string, hints: readonly Hint[]): string[] {
  const texts: string[] = [];
  const begin = JSON.stringify(sender);
  let parts: string[] = [];
  let bytes = 0;
  const finish = () => {
    if (parts.length > 0) texts.push(`[${[begin, ...parts].join(',')}]`);
    parts = [];
    bytes = begin.length + 2;
  };
  finish();
  for (const hint of hints) {
    const part = JSON.stringify(hint);
    const more = Buffer.byteLength(part) + 1;
    if (bytes + more > MOST_BYTES) finish();
    parts.push(part);
    bytes += more;
  }
  finish();
  return texts;
}

/** The letter in a text; null if somebody else has written on the channel. */
export function decode(text: string): Letter | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(value)) return null;
  const [sender, ...hints] = value as unknown[];
  return typeof sender === 'string' && hints.every(isHint) ? { sender, hints } : null;
}

const isHint = (value: unknown): value is Hint =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
