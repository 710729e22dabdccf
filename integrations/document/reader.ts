import { gunzipSync } from 'node:zlib';
import { DocumentError } from '../parsing/program.ts';

/** What was read on a page. */
export interface ReadPage {
  readonly text: string;
  /** How sure the reader is, from 0 to 100; 0 if there is no text. */
  readonly confidence: number;
}

/** Reads images, one after another. */
export interface Reader {
  /** @param orientation how a camera was held (EXIF), from 1 to 8 @throws DocumentError `document.broken` */
  read(image: Uint8Array, orientation: number): ReadPage;
}

/** Reads with the neural network (LSTM): the language data have no other model. */
const LSTM_ONLY = 1;

/** Opens Tesseract, which runs as WebAssembly. @param asset its program, and what it knows of languages */
export async function openReader(languages: readonly string[], asset: (name: string) => Buffer): Promise<Reader> {
  // Other documents do without it.
  const { default: load } = await import('tesseract.js-core/tesseract-core-simd-lstm.js');
  const core = await load({
    wasmBinary: asset('tesseract-core-simd-lstm.wasm'),
    TesseractProgress: () => undefined,
    print: () => undefined,
    printErr: () => undefined,
  });
  for (const language of languages)
    core.FS.writeFile(`./${language}.traineddata`, gunzipSync(asset(`${language}.traineddata.gz`)));
  const api = new core.TessBaseAPI();
  if (api.Init('.', languages.join('+'), LSTM_ONLY) !== 0)
    throw new DocumentError('document.broken', 'the data of the language cannot be read');
  return {
    read(image, orientation) {
      core.FS.writeFile('/input', image);
      if (api.SetImageFile(orientation, 0) === 1)
        throw new DocumentError('document.broken', 'the image is damaged, or cannot be decoded');
      api.Recognize(null);
      const text = api.GetUTF8Text().trim();
      return { text, confidence: text === '' ? 0 : api.MeanTextConf() };
    },
  };
}
