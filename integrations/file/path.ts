import { NodeError } from '../error.ts';

/**
 * A path in the file store, or a `file.path` error. Paths are keys, so no path can escape from the store. The rules
 * prevent two names for one file and keep paths harmless wherever they are shown or exported later.
 */
export function checkPath(path: string): string {
  const wrong = faultOf(path);
  if (wrong !== null) throw pathError(path, wrong);
  return path;
}

/** A prefix for listing: empty (everything), a path, or a path with a final slash. */
export function checkPrefix(prefix: string): string {
  if (prefix === '') return prefix;
  const wrong = faultOf(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  if (wrong !== null) throw pathError(prefix, wrong);
  return prefix;
}

function faultOf(path: string): string | null {
  if (path === '') return 'is empty';
  if (path.length > 512) return 'is longer than 512 characters';
  if (path.startsWith('/')) return 'starts with "/"; paths are relative to the workspace\'s store';
  if (path.includes('\\')) return 'holds a backslash; separate folders by "/"';
  if (/\p{Cc}/u.test(path)) return 'holds a control character';
  if (!path.isWellFormed()) return 'holds half a character (a lone surrogate)';
  const parts = path.split('/');
  if (parts.includes('..')) return 'holds ".."; nothing lies outside the workspace\'s store';
  if (parts.includes('.') || parts.includes('')) return 'holds an empty or "." part';
  return null;
}

function pathError(path: string, wrong: string): NodeError {
  const shown = path.length > 80 ? `${path.slice(0, 80)}…` : path;
  return new NodeError(
    'file.path',
    `The path ${JSON.stringify(shown)} ${wrong}. Write it like "reports/2026/may.csv".`,
  );
}
