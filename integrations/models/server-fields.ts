import { z } from 'zod';

/** The field of a connection with the address of its server. */
export const baseUrlField = (standard: string) =>
  z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .default(standard)
    .describe('Base address of the server, without a slash at its end.');

/** The field with the key: visible ASCII, because it goes into a header. */
export const keyField = () =>
  z
    .string()
    .max(1_000)
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without blanks');

/** The host that such a connection implies. */
export const hostOf = (baseUrl: string): string => new URL(baseUrl).hostname;
