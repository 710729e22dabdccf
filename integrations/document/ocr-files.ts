import { createRequire } from 'node:module';

/** The files of the reader: its program, and what it knows of each language. */
export function readerFiles(languages: readonly string[]): string[] {
  const { resolve } = createRequire(import.meta.url);
  return [
    resolve('tesseract.js-core/tesseract-core-simd-lstm.wasm'),
    // The most exact of the data that the neural network takes.
    ...languages.map((language) => resolve(`@tesseract.js-data/${language}/4.0.0_best_int/${language}.traineddata.gz`)),
  ];
}
