/** Rows as columns of equal width, two spaces apart; no header if `header` is empty. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = header.length > 0 ? [header, ...rows] : rows;
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
