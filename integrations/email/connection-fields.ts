import { z } from 'zod';
import { certificateFields, havePair, PAIR } from '../network/certificate-fields.ts';

/** Fields of an `smtp` connection. */
export const fields = z
  .strictObject({
    host: z.string().min(1).max(255).describe('Host name of the server.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(587)
      .describe('Port: 587 (STARTTLS) or 465 (TLS from the start), usually.'),
    secure: z.boolean().default(false).describe('True: TLS from the first byte (465). False: STARTTLS.'),
    user: z.string().max(255).optional().describe('User name, if the server asks for one.'),
    password: z.string().max(1024).optional().describe('Password or app password.'),
    from: z.string().max(998).optional().describe('Sender of messages that name none: `Name <mail@example.com>`.'),
    plainPassword: z
      .boolean()
      .default(false)
      .describe('Send the password even to a server without TLS. Use this only on a network you trust.'),
    ...certificateFields(),
  })
  .refine(havePair, PAIR);

/** Fields of an `smtp` connection. */
export type SmtpServer = z.output<typeof fields>;
