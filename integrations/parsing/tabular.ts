import { z } from 'zod';
import { json } from '../schema.ts';

/** Most rows that one step reads. */
export const MAX_ROWS = 1_000_000;

/** Parameters of nodes that read rows. */
export const tableFields = () => ({
  header: z
    .boolean()
    .default(true)
    .describe('Whether the first row names the columns. Rows are then objects, otherwise lists.'),
  skip: z.int().min(0).max(MAX_ROWS).default(0).describe('Rows to leave out after the header.'),
  limit: z
    .int()
    .min(1)
    .max(MAX_ROWS)
    .default(100_000)
    .describe('Most rows to read. Together they hold at most what about 170,000 rows of ten columns hold.'),
});

/** What nodes that read rows return. */
export const tableOutput = () => ({
  columns: z.array(z.string()).describe('Names of the columns; empty without a header.'),
  rows: z.array(json()).describe('The rows: objects by column, or lists.'),
  count: z.int().describe('How many rows the list holds.'),
  more: z.boolean().describe('Whether there are more rows than `limit`.'),
});
