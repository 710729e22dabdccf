const SANS = 'DejaVuSans';
const MONO = 'DejaVuSansMono';

/** The fonts of a PDF, by name and face: the names of their files. */
export const FACES = {
  Sans: {
    normal: `${SANS}.ttf`,
    bold: `${SANS}-Bold.ttf`,
    italics: `${SANS}-Oblique.ttf`,
    bolditalics: `${SANS}-BoldOblique.ttf`,
  },
  Mono: {
    normal: `${MONO}.ttf`,
    bold: `${MONO}-Bold.ttf`,
    italics: `${MONO}-Oblique.ttf`,
    bolditalics: `${MONO}-BoldOblique.ttf`,
  },
} as const;
