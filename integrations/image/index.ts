import { defineProvider } from '../define.ts';
import { info } from './info.ts';
import { resize } from './resize.ts';

/** Images. */
export const image = defineProvider({ id: 'image', title: 'Images', nodes: [info, resize], connections: [] });
