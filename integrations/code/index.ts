import { defineProvider } from '../define.ts';
import { javascript } from './javascript.ts';

/** Scripts of the author. */
export const code = defineProvider({ id: 'code', title: 'Code', nodes: [javascript], connections: [] });
