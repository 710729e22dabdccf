/** Rows that one statement may take together. */
const ROWS = 250;

/**
 * Parts a list of any length for statements of their own. Postgres takes at most 65,535 parameters. Long before that, nothing
 * else in the process gets on while one statement is put together: half a second for 50,000 parameters.
 *
 * @example inPieces([1, 2, 3], 2) // [[1, 2], [3]]
 */
export const inPieces = <T>(list: readonly T[], size = ROWS): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
