import { defineProvider } from '../define.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Tables as text. */
export const csv = defineProvider({ id: 'csv', title: 'CSV', nodes: [read, write], connections: [] });
