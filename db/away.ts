/**
 * Codes that say the database cannot serve now: of Node and the resolver, of the two drivers (postgres.js, pg), and
 * SQLSTATEs of a server that starts, stops, is full, or asks for the transaction to be tried again.
 */
const AWAY: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'ENOENT'],
  ...['CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED'],
  ...['57P01', '57P02', '57P03', '53300', '40001', '40P01', '55P03'],
]);

/**
 * True if Blok's own database cannot be used now and the same work may succeed in a moment. Ask it only of errors that
 * came from this package: a node's own database fails with the same codes.
 */
export function isDatabaseAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && AWAY.has(code);
}
