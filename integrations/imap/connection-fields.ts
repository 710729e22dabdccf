import { z } from 'zod';
import { certificateFields, havePair, PAIR } from '../network/certificate-fields.ts';

/** Fields of an `imap` connection. */
export const fields = z
  .strictObject({
    host: z.string().min(1).max(255).describe('Host name of the server.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(993)
      .describe('Port: 993 (TLS from the start) or 143 (STARTTLS), usually.'),
    secure: z.boolean().default(true).describe('True: TLS from the first byte (993). False: STARTTLS.'),
    user: z.string().min(1).max(255).describe('User name.'),
    password: z.string().min(1).max(1024).optional().describe('Password or app password.'),
    accessToken: z.string().min(1).max(8192).optional().describe('OAuth2 access token, instead of a password.'),
    plainPassword: z
      .boolean()
      .default(false)
      .describe('Log in even at a server without TLS. Use this only on a network you trust.'),
    ...certificateFields(),
  })
  .refine(havePair, PAIR)
  .refine(({ password, accessToken }) => (password === undefined) !== (accessToken === undefined), {
    message: 'give password or accessToken',
    path: ['password'],
  });

/** Fields of an `imap` connection, parsed. */
export type ImapServer = z.output<typeof fields>;
