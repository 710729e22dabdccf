/** A media type and the charset it declares, in lower case. */
export interface MediaType {
  /** Empty if none is given. */
  readonly name: string;
  readonly charset: string | null;
}

/** Reads a `content-type`. */
export function parseMediaType(header: string): MediaType {
  const name = header.split(';')[0]!.trim().toLowerCase();
  const charset = /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(header)?.[1]?.toLowerCase() ?? null;
  return { name, charset };
}
