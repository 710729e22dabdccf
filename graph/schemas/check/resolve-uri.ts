const SCHEME = /^[a-z][a-z0-9+\-.]*:/i;

/** The address that a reference names when it stands in the document at `base` (RFC 3986, without its rarities). */
export function resolveUri(base: string, reference: string): string {
  if (reference === '') return base;
  if (SCHEME.test(reference)) return reference;
  const [origin = ''] = /^(?:[a-z][a-z0-9+\-.]*:)?(?:\/\/[^/?#]*)?/i.exec(base) ?? [];
  if (reference.startsWith('//')) return `${SCHEME.exec(base)?.[0] ?? ''}${reference}`;
  if (reference.startsWith('/')) return origin + withoutDots(reference);
  const path = base.slice(origin.length).split(/[?#]/, 1)[0] ?? '';
  return origin + withoutDots(path.slice(0, path.lastIndexOf('/') + 1) + reference);
}

/** A path with `.` and `..` carried out. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === '..') kept.splice(Math.max(1, kept.length - 1));
    else if (part !== '.') kept.push(part);
    if (last && (part === '.' || part === '..')) kept.push('');
  }
  return kept.join('/');
}
