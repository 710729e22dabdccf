import { createHash } from 'node:crypto';
import addressparser from 'nodemailer/lib/addressparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { bytesOf } from '../content.ts';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { checkPath } from '../file/path.ts';
import { openConnection } from '../open-connection.ts';
import { fields } from './connection-fields.ts';
import type { EmailInput, EmailOutput } from './input.ts';
import { speak } from './session.ts';

/** Largest message, attachments included: most servers accept this size. */
const MAX_BYTES = 26_214_400;

/** Builds the message, hands it to the server and returns the result: the work of `email.send`. */
export async function sendMail(ctx: NodeContext, input: EmailInput): Promise<EmailOutput> {
  const { connection, data: server } = openConnection(ctx.connection, { type: 'smtp', fields });
  const from = input.from ?? server.from;
  if (from === undefined)
    throw new NodeError('smtp.from', 'The message has no sender: set "from", or a sender in the connection.');
  const { letter, messageId } = await compose(ctx, input, from);
  const receipt = await speak(ctx, connection, server, letter);
  return { messageId, accepted: [], rejected: [], response: '', ...receipt };
}

async function compose(ctx: NodeContext, input: EmailInput, from: string) {
  const sender = mailbox('from', from);
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  // The same on every attempt, so that a mailbox can tell if it got the message twice.
  const messageId = `<${createHash('sha256').update(ctx.idempotencyKey).digest('hex').slice(0, 40)}@${domain}>`;
  const [to, cc, bcc] = [list('to', input.to), list('cc', input.cc), list('bcc', input.bcc)];
  const composer = new MailComposer({
    messageId,
    from,
    to,
    cc,
    bcc,
    ...(input.replyTo !== undefined && { replyTo: list('replyTo', input.replyTo) }),
    subject: input.subject,
    ...(input.text !== undefined && { text: input.text }),
    ...(input.html !== undefined && { html: input.html }),
    headers: input.headers ?? {},
    attachments: await attachmentsOf(ctx, input.attachments ?? []),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const message = await composer.compile().build();
  if (message.length > MAX_BYTES) {
    throw new NodeError('smtp.tooLarge', `The message has ${message.length} bytes; at most ${MAX_BYTES} can be sent.`);
  }
  const recipients = [...new Set([to, cc, bcc].flat().flatMap((entry) => mailboxes(entry)))];
  return { messageId, letter: { message, envelope: { from: sender, to: recipients } } };
}

async function attachmentsOf(ctx: NodeContext, attachments: NonNullable<EmailInput['attachments']>) {
  const built = [];
  for (const { path, filename, contentType, cid, ...content } of attachments) {
    const file = path === undefined ? null : await storedFile(ctx, path);
    const type = contentType ?? file?.contentType ?? undefined;
    built.push({
      filename: filename ?? path?.split('/').at(-1) ?? 'attachment',
      content: Buffer.from(file?.bytes ?? (await bytesOf(ctx, content))),
      ...(type !== undefined && { contentType: type }),
      ...(cid !== undefined && { cid }),
    });
  }
  return built;
}

async function storedFile(ctx: NodeContext, path: string) {
  const file = await ctx.files.read(checkPath(path));
  if (file === null)
    throw new NodeError('file.notFound', `There is no file ${JSON.stringify(path)} in the store to attach.`);
  return file;
}

/** The entries, each checked to be one or more mailboxes. */
function list(field: string, value: string | string[] | undefined): string[] {
  const entries = value === undefined ? [] : Array.isArray(value) ? value : [value];
  for (const entry of entries) {
    if (
      /\p{Cc}/u.test(entry) ||
      mailboxes(entry).length === 0 ||
      mailboxes(entry).some((address) => !isAddress(address))
    )
      throw badAddress(field, entry);
  }
  return entries;
}

function mailbox(field: string, text: string): string {
  const [address, ...more] = mailboxes(text);
  if (address === undefined || more.length > 0 || !isAddress(address)) throw badAddress(field, text);
  return address;
}

const mailboxes = (text: string): string[] =>
  addressparser(text, { flatten: true }).map(({ address }) => address ?? '');

/** An RFC 5321 mailbox as people use them: no quoted parts, no route, nothing that could end a command. */
const isAddress = (address: string): boolean =>
  address.length <= 254 && /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()\\,;:"@]+$/u.test(address);

function badAddress(field: string, text: string): NodeError {
  return new NodeError(
    'smtp.address',
    `"${field}" holds ${JSON.stringify(text.slice(0, 100))}, which is no mail address. Write ann@example.com or Ann <ann@example.com>.`,
  );
}
