import { defineProvider } from '../define.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** XML documents. */
export const xml = defineProvider({ id: 'xml', title: 'XML', nodes: [read, write], connections: [] });
