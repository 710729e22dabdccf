import type { FetchMessageObject } from 'imapflow';
import type { AddressObject, ParsedMail } from 'mailparser';
import type { PollContext } from '../context.ts';
import type { Message } from './message.ts';

/** Longest HTML that is turned into text if a message has no text of its own. */
const MOST_HTML = 1_000_000;

/** Takes a message apart, and stores its attachments. @param isWhole false: `found.source` holds only its beginning */
export async function readMessage(
  ctx: Pick<PollContext, 'blobs'>,
  found: FetchMessageObject,
  isWhole: boolean,
): Promise<Message> {
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(found.source ?? Buffer.alloc(0), {
    skipImageLinks: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    maxHtmlLengthToParse: MOST_HTML,
  });
  return {
    uid: found.uid,
    messageId: mail.messageId ?? null,
    subject: mail.subject ?? null,
    from: addressesOf(mail.from),
    to: addressesOf(mail.to),
    cc: addressesOf(mail.cc),
    replyTo: addressesOf(mail.replyTo),
    date: timeOf(mail.date),
    receivedAt: timeOf(found.internalDate),
    inReplyTo: mail.inReplyTo ?? null,
    text: isWhole ? (mail.text ?? null) : null,
    html: isWhole && mail.html ? mail.html : null,
    flags: [...(found.flags ?? [])],
    size: found.size ?? 0,
    complete: isWhole,
    attachments: isWhole ? await attachmentsOf(ctx, mail) : [],
  };
}

async function attachmentsOf({ blobs }: Pick<PollContext, 'blobs'>, mail: ParsedMail): Promise<Message['attachments']> {
  const stored: Message['attachments'] = [];
  for (const { filename, contentType, size, cid, related, content } of mail.attachments) {
    const file = { ...(await blobs.put(content)), contentType };
    stored.push({ name: filename ?? null, contentType, size, contentId: cid ?? null, inline: related === true, file });
  }
  return stored;
}

/** Groups are taken apart: whoever is in them is meant. */
function addressesOf(given: AddressObject | AddressObject[] | undefined): Message['from'] {
  const all = [given ?? []].flat().flatMap(({ value }) => value);
  return all
    .flatMap((one) => one.group ?? [one])
    .map(({ name, address }) => ({ name: name || null, address: address ?? null }));
}

function timeOf(date: Date | string | undefined): string | null {
  const at = new Date(date ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
