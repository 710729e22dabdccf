import { defineProvider } from '../define.ts';
import { generate } from './generate.ts';
import { object } from './object.ts';

/** Models: text, data, images, speech. The connection decides the provider. */
export const ai = defineProvider({
  id: 'ai',
  title: 'AI',
  category: 'AI',
  icon: 'sparkles',
  nodes: [generate, object],
  connections: [],
});
