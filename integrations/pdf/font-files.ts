import { createRequire } from 'node:module';
import { FACES } from './faces.ts';

/** The files of the fonts. */
export const fontFiles = (): string[] => {
  const { resolve } = createRequire(import.meta.url);
  return Object.values(FACES)
    .flatMap((faces) => Object.values(faces))
    .map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}`));
};
