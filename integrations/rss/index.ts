import { defineProvider } from '../define.ts';
import { onNewItem } from './on-new-item.ts';

/** Feeds. */
export const rss = defineProvider({
  id: 'rss',
  title: 'Feeds',
  category: 'Web',
  icon: 'rss',
  nodes: [],
  triggers: [onNewItem],
  connections: [],
});
