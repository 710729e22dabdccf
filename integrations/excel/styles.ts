/** How the cells of a column look. */
export interface CellStyle {
  readonly format?: string | undefined;
  readonly bold?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly color?: string | undefined;
  readonly fill?: string | undefined;
  readonly align?: 'left' | 'center' | 'right' | undefined;
  readonly wrap?: boolean | undefined;
}

/** The styles of a workbook: each is listed once, and cells name it by its number. */
export interface Styles {
  numberOf(style: CellStyle): number;
  xml(): string;
}

/** Collects styles. The first one is that of cells without any. */
export function createStyles(escaped: (text: string) => string): Styles {
  const known = new Map<string, number>([['{}', 0]]);
  const styles: CellStyle[] = [{}];
  return {
    numberOf: (style) => {
      const key = JSON.stringify(style);
      const number = known.get(key) ?? styles.push(style) - 1;
      known.set(key, number);
      return number;
    },
    xml: () => stylesXml(styles, escaped),
  };
}

/** Numbers of formats below 164 belong to Excel. */
const FIRST_FORMAT = 164;

function stylesXml(styles: readonly CellStyle[], escaped: (text: string) => string): string {
  const formats = styles.map(({ format }, index) =>
    format === undefined ? '' : `<numFmt numFmtId="${FIRST_FORMAT + index}" formatCode="${escaped(format)}"/>`,
  );
  const fonts = styles.map(({ bold, italic, color }) => {
    const paint = color === undefined ? '' : `<color rgb="${argb(color)}"/>`;
    return `<font>${bold ? '<b/>' : ''}${italic ? '<i/>' : ''}<sz val="11"/>${paint}<name val="Calibri"/></font>`;
  });
  // The first two fills belong to Excel.
  const fills = styles.map(({ fill }) =>
    fill === undefined
      ? '<fill><patternFill patternType="none"/></fill>'
      : `<fill><patternFill patternType="solid"><fgColor rgb="${argb(fill)}"/></patternFill></fill>`,
  );
  const cells = styles.map(
    (style, index) =>
      `<xf numFmtId="${style.format === undefined ? 0 : FIRST_FORMAT + index}" fontId="${index}" fillId="${index + 2}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"${alignment(style)}`,
  );
  const used = formats.filter((format) => format !== '');
  return `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${
    used.length > 0 ? `<numFmts count="${used.length}">${used.join('')}</numFmts>` : ''
  }<fonts count="${fonts.length}">${fonts.join('')}</fonts><fills count="${fills.length + 2}"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fills.join('')}</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${cells.length}">${cells.join('')}</cellXfs></styleSheet>`;
}

function alignment({ align, wrap }: CellStyle): string {
  if (align === undefined && !wrap) return '/>';
  const sides = `${align === undefined ? '' : ` horizontal="${align}"`}${wrap ? ' wrapText="1" vertical="top"' : ''}`;
  return ` applyAlignment="1"><alignment${sides}/></xf>`;
}

const argb = (color: string): string => `FF${color.slice(1).toUpperCase()}`;
