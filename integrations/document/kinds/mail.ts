import { type AddressObject, simpleParser } from 'mailparser';
import { htmlToText } from '../../html/page.ts';

/** A message as text: its subject, the people, its text. Attachments are only named. */
export async function mailToText(bytes: Buffer): Promise<{ title: string | null; text: string }> {
  const mail = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
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
    ['Attachments', mail.attachments.map(({ filename, contentType }) => filename ?? contentType).join(', ')],
  ];
  const lines = head.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`);
  const body = mail.text?.trim() || (mail.html ? htmlToText(mail.html) : '');
  return { title: mail.subject ?? null, text: `${lines.join('\n')}\n\n${body}`.trim() };
}
