/**
 * The body of an answer, up to a size: whoever answers decides how much there is.
 *
 * @throws what `tooLarge` makes, before the rest is read
 */
export async function boundedBody({ body }: Response, most: number, tooLarge: () => Error): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > most) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
