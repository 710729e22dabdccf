import { defineProvider } from '../define.ts';
import { openai as connection } from './connection.ts';

/** OpenAI, and servers that speak its protocol: connections of the `ai` nodes. */
export const openai = defineProvider({
  id: 'openai',
  title: 'OpenAI',
  category: 'AI',
  icon: 'sparkles',
  nodes: [],
  connections: [connection],
});
