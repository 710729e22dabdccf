import { z } from 'zod';
import { blobReference } from '../blob.ts';

const text = () => z.string().nullable();

const addresses = () =>
  z.array(z.object({ name: text().describe('Name.'), address: text().describe('Mail address.') }));

/** A message, as `imap.newMessage` passes it on. */
export const message = z.object({
  uid: z.int().describe('Its number in the mailbox.'),
  messageId: text().describe('`Message-ID`, with its angle brackets.'),
  subject: text().describe('Subject.'),
  from: addresses().describe('Who wrote it.'),
  to: addresses().describe('To whom.'),
  cc: addresses().describe('Who got a copy.'),
  replyTo: addresses().describe('Where an answer should go.'),
  date: text().describe('ISO time that the sender wrote, if it can be read.'),
  receivedAt: text().describe('ISO time at which the server got it.'),
  inReplyTo: text().describe('`Message-ID` of the message it answers.'),
  text: text().describe('Text; made from the HTML if there is no other.'),
  html: text().describe('HTML, if there is any.'),
  flags: z.array(z.string()).describe(String.raw`Flags, such as \Seen.`),
  size: z.int().describe('Bytes.'),
  complete: z.boolean().describe('False: it is larger than `maxBytes`, so it comes without texts and attachments.'),
  attachments: z
    .array(
      z.object({
        name: text().describe('File name.'),
        contentType: z.string().describe('Media type.'),
        size: z.int().describe('Bytes.'),
        contentId: text().describe('Id by which the HTML refers to it.'),
        inline: z.boolean().describe('It is part of the text, such as a picture.'),
        file: blobReference().describe('The content.'),
      }),
    )
    .describe('Attachments.'),
});

/** A message, as `imap.newMessage` passes it on. */
export type Message = z.output<typeof message>;
