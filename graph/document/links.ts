import { isId } from './names.ts';

/** One entry of `needs`, parsed. */
export interface Need {
  /** Id of the node or trigger the link comes from. */
  readonly source: string;
  /** Port it leaves by; `out` if none was written. */
  readonly port: string;
}

/**
 * Parses one entry of `needs`, or returns null if it is not `id` or `id.port`.
 *
 * @example parseNeed('review.approved') // { source: 'review', port: 'approved' }
 */
export function parseNeed(text: string): Need | null {
  if (typeof text !== 'string') return null;
  const dot = text.indexOf('.');
  const source = dot < 0 ? text : text.slice(0, dot);
  const port = dot < 0 ? 'out' : text.slice(dot + 1);
  return isId(source) && isId(port) ? { source, port } : null;
}

/** Writes a link as `needs` holds it: the port `out` is left out. */
export function formatNeed(need: Need): string {
  return need.port === 'out' ? need.source : `${need.source}.${need.port}`;
}
