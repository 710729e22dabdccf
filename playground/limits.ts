/** Largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Largest body of a request to a model, in bytes: it may hold images and recordings. */
export const MAX_MODEL_BODY_BYTES = 32 * 1024 * 1024;

/** Largest accepted mail, in bytes. */
export const MAX_MAIL_BYTES = 5 * 1024 * 1024;

/** How many characters of a mail's text, and of each of its headers, are recorded. */
export const MAX_TEXT = 100_000;
export const MAX_HEADER = 1_000;

/** Most recipients of a mail. */
export const MAX_RECIPIENTS = 100;

/** Most bytes of records that are kept, in memory and in the file. */
export const MAX_RECORD_BYTES = 32 * 1024 * 1024;

/** Most bytes of effects in one answer. */
export const MAX_LIST_BYTES = 8 * 1024 * 1024;
