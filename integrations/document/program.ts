import type { Done, Task } from '../parsing/program.ts';
import { type FillTemplate, fillTemplate } from './fill-template.ts';
import { type ReadImages, readImages } from './read-images.ts';
import { type ReadTables, readTables } from './read-tables.ts';
import { type ReadText, readText } from './read-text.ts';

const text = async ({ parameters, bytes, asset }: Task<ReadText>): Promise<Done> => ({
  value: await readText(bytes, parameters, asset),
});

const tables = async ({ parameters, bytes, asset }: Task<ReadTables>): Promise<Done> => ({
  value: { tables: await readTables(bytes, parameters, asset) },
});

const ocr = async ({ parameters, bytes, asset }: Task<ReadImages>): Promise<Done> => ({
  value: await readImages(bytes, parameters, asset),
});

async function fromTemplate({ parameters, bytes }: Task<FillTemplate>): Promise<Done> {
  const filled = await fillTemplate(bytes, parameters);
  return { value: { kind: filled.kind }, bytes: [filled.bytes] };
}

/** Tasks of the nodes `document.*`. */
export const tasks = { text, tables, ocr, fromTemplate };
