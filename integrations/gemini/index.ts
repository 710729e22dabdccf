import { defineProvider } from '../define.ts';
import { gemini as connection } from './connection.ts';

/** Google Gemini: connections of the `ai` nodes. */
export const gemini = defineProvider({
  id: 'gemini',
  title: 'Google Gemini',
  category: 'AI',
  icon: 'sparkles',
  nodes: [],
  connections: [connection],
});
