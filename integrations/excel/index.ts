import { defineProvider } from '../define.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Workbooks of Excel. */
export const excel = defineProvider({ id: 'excel', title: 'Excel', nodes: [read, write], connections: [] });
