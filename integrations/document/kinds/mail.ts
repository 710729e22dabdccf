import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { htmlToText, requireShallow } from '../../html/page.ts';
import { decode } from '../../parsing/decode.ts';
import { decodeText, encodingOfMark } from '../../text-encoding.ts';

/** How deep mails within mails are read. */
const MAX_DEPTH = 8;

/** A mail as text. */
interface MailText {
  readonly title: string | null;
  readonly text: string;
}

/**
 * A message as text: its subject, the people, its text, and the messages that are attached to it. Other attachments are only
 * named.
 *
 * @param encoding of letters whose encoding the mail does not say
 * @throws DocumentError `document.encoding` if there are such letters, they are not UTF-8, and no encoding is named
 */
export async function mailToText(bytes: Buffer, encoding?: string): Promise<MailText> {
  const read = await messageToText(bytes, 0);
  // What is no letter stands in place of what could not be read, unless it was in the mail itself.
  if (!read.text.includes('\ufffd') || decodeText(bytes, 'utf-8') !== null) return read;
  return messageToText(Buffer.from(decode(bytes, encoding).text, 'utf8'), 0);
}

async function messageToText(bytes: Buffer, depth: number): Promise<MailText> {
  const mail = await simpleParser(withoutMark(bytes), { skipTextToHtml: true, skipImageLinks: true });
  const people = (field: AddressObject | AddressObject[] | undefined): string =>
    [field ?? []]
      .flat()
      .map(({ text }) => text)
      .join(', ');
  const head: [string, string][] = [
    ['Subject', mail.subject ?? ''],
    ['From', people(mail.from)],
    ['To', people(mail.to)],
    ['Cc', people(mail.cc)],
    ['Date', mail.date && !Number.isNaN(mail.date.getTime()) ? mail.date.toISOString() : ''],
    ['Attachments', mail.attachments.map(nameOf).join(', ')],
  ];
  const lines = head.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`);
  const parts = [lines.join('\n'), bodyOf(mail)];
  for (const attachment of depth < MAX_DEPTH ? mail.attachments : []) {
    if (attachment.contentType !== 'message/rfc822') continue;
    const { text } = await messageToText(attachment.content, depth + 1);
    parts.push(`--- ${nameOf(attachment)} ---\n${text}`);
  }
  return { title: mail.subject ?? null, text: parts.filter((part) => part !== '').join('\n\n') };
}

const nameOf = ({ filename, contentType }: Attachment): string => filename ?? contentType;

/** A line that programs write before each mail which they keep in a file (mbox). */
export const MAILBOX_LINE = /^From [^\r\n]*\r?\n/;

/** Some programs write a byte order mark or a line of a mailbox, with which the first line of the header would not be one. */
function withoutMark(bytes: Buffer): Buffer {
  const message = encodingOfMark(bytes) === 'utf-8' ? bytes.subarray(3) : bytes;
  return message.subarray(MAILBOX_LINE.exec(message.toString('latin1', 0, 1000))?.[0].length ?? 0);
}

/** The text, in which parts that are HTML are text, too. A mail that is nothing but HTML is read as other pages are. */
function bodyOf({ text, html, headers }: ParsedMail): string {
  const isPage = (headers.get('content-type') as { value?: string } | undefined)?.value === 'text/html';
  const plain = isPage ? '' : (text?.trim() ?? '');
  if (plain !== '' || !html) return plain;
  requireShallow(html);
  return htmlToText(html);
}
