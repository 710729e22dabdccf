/** What is used of libraries that have no types, or whose types bring in those of a browser. */

declare module 'turndown' {
  export default class TurndownService {
    constructor(options: { headingStyle: 'atx'; codeBlockStyle: 'fenced'; bulletListMarker: '-' });
    use(plugin: (service: TurndownService) => void): this;
    remove(names: string[]): this;
    turndown(html: string): string;
  }
}

declare module '@joplin/turndown-plugin-gfm' {
  import type TurndownService from 'turndown';
  export function gfm(service: TurndownService): void;
}

declare module 'pdfmake' {
  const pdfmake: {
    readonly virtualfs: { writeFileSync(name: string, bytes: Uint8Array): void };
    setFonts(fonts: Readonly<Record<string, object>>): void;
    createPdf(definition: object): { getBuffer(): Promise<Uint8Array> };
  };
  export default pdfmake;
}

declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  /** The parts of Tesseract's own API that are used. */
  interface Core {
    readonly FS: { writeFile(path: string, bytes: Uint8Array): void };
    readonly TessBaseAPI: new () => {
      Init(folder: string, languages: string, engine: number): number;
      SetImageFile(orientation: number, angle: number): number;
      Recognize(monitor: null): number;
      GetUTF8Text(): string;
      MeanTextConf(): number;
    };
  }
  export default function load(options: {
    wasmBinary: Uint8Array;
    TesseractProgress: () => void;
    print: () => void;
    printErr: () => void;
  }): Promise<Core>;
}
