import { code } from './code/index.ts';
import type { Provider } from './define.ts';
import { email } from './email/index.ts';
import { event } from './event/index.ts';
import { file } from './file/index.ts';
import { folder } from './folder/index.ts';
import { http } from './http/index.ts';
import { imap } from './imap/index.ts';
import { kv } from './kv/index.ts';
import { postgres } from './postgres/index.ts';
import { rss } from './rss/index.ts';
import { webhook } from './webhook/index.ts';
import { workflow } from './workflow/index.ts';

/** Every provider, one per line. */
export const providers: readonly Provider[] = [
  code,
  email,
  event,
  file,
  folder,
  http,
  imap,
  kv,
  postgres,
  rss,
  webhook,
  workflow,
];
