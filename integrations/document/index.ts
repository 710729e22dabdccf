import { defineProvider } from '../define.ts';
import { fromTemplate } from './from-template.ts';
import { ocr } from './ocr.ts';
import { tables } from './tables.ts';
import { text } from './text.ts';

/** Documents of every kind. */
export const document = defineProvider({
  id: 'document',
  title: 'Documents',
  nodes: [text, tables, ocr, fromTemplate],
  connections: [],
});
