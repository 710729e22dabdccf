/**
 * Codes that say the database is unavailable: those of Node and the resolver, those of the two drivers (postgres.js,
 * pg), and SQLSTATEs of a server that starts, stops, is full, or asks for the transaction to be tried again.
 */
const AWAY: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'ENOENT'],
  ...['CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED'],
  ...['57P01', '57P02', '57P03', '53300', '40001', '40P01', '55P03'],
]);

/**
 * True if Blok's own database is unavailable and the same work may succeed in a moment. Use this only for errors that
 * came from this package, because a node's own database fails with the same codes.
 */
export function isDatabaseAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && AWAY.has(code);
}
