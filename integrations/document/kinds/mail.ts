import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { htmlToText } from '../../html/page.ts';
import { encodingOfMark } from '../../text-encoding.ts';

/** How deep mails within mails are read. */
const MAX_DEPTH = 8;

/** A message as text: its subject, the people, its text, and the messages that are attached to it. Other attachments are only named. */
export async function mailToText(bytes: Buffer, depth = 0): Promise<{ title: string | null; text: string }> {
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
    const { text } = await mailToText(attachment.content, depth + 1);
    parts.push(`--- ${nameOf(attachment)} ---\n${text}`);
  }
  return { title: mail.subject ?? null, text: parts.filter((part) => part !== '').join('\n\n') };
}

const nameOf = ({ filename, contentType }: Attachment): string => filename ?? contentType;

/** Some programs write a byte order mark, with which the first line of the header would not be one. */
const withoutMark = (bytes: Buffer): Buffer => (encodingOfMark(bytes) === 'utf-8' ? bytes.subarray(3) : bytes);

/** The text, in which parts that are HTML are text, too. A mail that is nothing but HTML is read as other pages are. */
function bodyOf({ text, html, headers }: ParsedMail): string {
  const isPage = (headers.get('content-type') as { value?: string } | undefined)?.value === 'text/html';
  const plain = isPage ? '' : (text?.trim() ?? '');
  return plain || (html ? htmlToText(html) : '');
}
