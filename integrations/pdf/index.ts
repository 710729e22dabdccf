import { defineProvider } from '../define.ts';
import { create } from './create.ts';

/** PDF documents. */
export const pdf = defineProvider({ id: 'pdf', title: 'PDF', nodes: [create], connections: [] });
