import { defineProvider } from '../define.ts';
import { javascript } from './javascript.ts';

/** Scripts that authors write. */
export const code = defineProvider({ id: 'code', title: 'Code', nodes: [javascript], connections: [] });
