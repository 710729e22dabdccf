/** Codes of what can go wrong with a document, and their meanings. */
export const CODES = {
  'document.broken': 'The document is damaged, or not what it says it is; the message says where.',
  'document.crashed': 'The parser ended without an answer. It is tried again a few times.',
  'document.encoding': 'The text is not in the encoding that it should be in: name another one in `encoding`.',
  'document.encrypted': 'The document needs a password.',
  'document.kind':
    'The document is of a kind that this node does not take; the message says which, and what to use instead.',
  'document.notFound':
    'The document does not hold what was asked for, such as a sheet; the message lists what it holds.',
  'document.path': 'An archive holds a name that leads out of its folder.',
  'document.scanned': 'The pages are images without text: scanned, so only `document.ocr` can read them.',
  'document.template': 'The template has a mistake; the message says where.',
  'document.timeout': 'The document took too long.',
  'document.tooLarge': 'The document, or what it unpacks to, is larger than a document may be, or holds more values.',
  'document.value': 'A value cannot be written into such a document; the message says which.',
  'code.sandbox': 'No sandbox works on this machine, or the one that the operator requires does not.',
} as const;

/** Meanings of some codes, and of those that every document can end with. */
export function documentErrors(...more: (keyof typeof CODES)[]): Record<string, string> {
  const always = ['document.crashed', 'document.timeout', 'document.tooLarge', 'code.sandbox'] as const;
  return Object.fromEntries([...more, ...always].map((code) => [code, CODES[code]]));
}

/** Parsers wait for a place like scripts, because each is a process that may take a whole core. */
export const parsingPolicy = {
  queue: 'code',
  timeout: '30m',
  retry: { maxAttempts: 4, delay: '1s', factor: 2, maxDelay: '30s', attemptTimeout: '3m', giveUpOn: ['file.*'] },
} as const;
