import { defineProvider } from '../define.ts';
import { extract } from './extract.ts';

/** Pages of the web. */
export const html = defineProvider({ id: 'html', title: 'HTML', nodes: [extract], connections: [] });
