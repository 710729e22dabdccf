/** Largest document, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 1_048_576;

/** Most nodes of a document, those inside containers included. */
export const MAX_NODES = 2_000;

/** Deepest nesting of lists and maps in a document. A container inside another takes two levels. */
export const MAX_NESTING = 100;

/** Most problems reported at once: a broken document repeats itself. */
export const MAX_PROBLEMS = 200;
