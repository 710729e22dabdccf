/** Codes of an author's own errors: dotted words, such as `order.rejected`. Sandbox-safe. */
export const ERROR_CODE_PATTERN = '^[A-Za-z][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$';
