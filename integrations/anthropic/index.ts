import { defineProvider } from '../define.ts';
import { anthropic as connection } from './connection.ts';

/** Anthropic: connections of the `ai` nodes. */
export const anthropic = defineProvider({
  id: 'anthropic',
  title: 'Anthropic',
  category: 'AI',
  icon: 'sparkles',
  nodes: [],
  connections: [connection],
});
