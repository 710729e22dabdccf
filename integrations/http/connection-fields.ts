import { z } from 'zod';
import { certificateFields, havePair, PAIR } from '../network/certificate-fields.ts';
import { isOwnHeader } from './headers.ts';

/** The fields that every HTTP connection has. */
const common = () => ({
  ...certificateFields(),
  testUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address that answers 2xx to a valid credential, for testing.'),
});

/** Visible ASCII: the characters a header may carry. */
const headerText = () =>
  z
    .string()
    .min(1)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'must be visible ASCII');

/** `Authorization: Bearer …`. */
export const bearerFields = z
  .strictObject({ token: headerText().describe('The token, without "Bearer".'), ...common() })
  .refine(havePair, PAIR);

/** `Authorization: Basic …` (RFC 7617, UTF-8). */
export const basicFields = z
  .strictObject({
    user: z
      .string()
      .regex(/^[^:\p{Cc}]*$/u, 'must hold no colon')
      .describe('User name.'),
    password: z
      .string()
      .regex(/^\P{Cc}*$/u, 'must hold no control characters')
      .describe('Password.'),
    ...common(),
  })
  .refine(havePair, PAIR);

/** An API key in a header or a query parameter of its own. */
export const headerFields = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'must be a header or parameter name')
      .describe('Name of the header or query parameter, such as `X-API-Key`.'),
    value: headerText().describe('The key.'),
    in: z
      .enum(['header', 'query'])
      .default('header')
      .describe('Where the key is sent. Prefer the header, because addresses get logged.'),
    ...common(),
  })
  .refine(havePair, PAIR)
  .refine(({ name, in: place }) => place === 'query' || !isOwnHeader(name), {
    message: 'is written by the HTTP client itself: an API key has a header of its own',
    path: ['name'],
  });

/** What is needed of an opened connection of type `oauth2`. */
export const openedFields = z.object({ accessToken: headerText() });

/** The connection types that HTTP nodes and triggers take. */
export const HTTP_CONNECTIONS = ['http-*', 'oauth2'] as const;

/** Certificates only. */
export const certificateOnlyFields = z
  .strictObject(common())
  .refine(havePair, PAIR)
  .refine(({ ca, cert }) => ca !== undefined || cert !== undefined, {
    message: 'give ca, or cert and key, or all of them',
    path: ['ca'],
  });
