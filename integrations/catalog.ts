import { ai } from './ai/index.ts';
import { anthropic } from './anthropic/index.ts';
import { code } from './code/index.ts';
import { csv } from './csv/index.ts';
import type { Provider } from './define.ts';
import { document } from './document/index.ts';
import { email } from './email/index.ts';
import { event } from './event/index.ts';
import { excel } from './excel/index.ts';
import { file } from './file/index.ts';
import { folder } from './folder/index.ts';
import { gemini } from './gemini/index.ts';
import { html } from './html/index.ts';
import { http } from './http/index.ts';
import { image } from './image/index.ts';
import { imap } from './imap/index.ts';
import { kv } from './kv/index.ts';
import { openai } from './openai/index.ts';
import { pdf } from './pdf/index.ts';
import { postgres } from './postgres/index.ts';
import { rss } from './rss/index.ts';
import { solana } from './solana/index.ts';
import { webhook } from './webhook/index.ts';
import { workflow } from './workflow/index.ts';
import { xml } from './xml/index.ts';
import { zip } from './zip/index.ts';

/** Every provider of Blok's own, one per line. */
export const providers: readonly Provider[] = [
  ai,
  anthropic,
  code,
  csv,
  document,
  email,
  event,
  excel,
  file,
  folder,
  gemini,
  html,
  http,
  image,
  imap,
  kv,
  openai,
  pdf,
  postgres,
  rss,
  solana,
  webhook,
  workflow,
  xml,
  zip,
];

let all: readonly Provider[] = providers;

/** Blok's own providers, and those that this process was given at its start. */
export const allProviders = (): readonly Provider[] => all;

/**
 * Adds providers to the catalogue of this process. Nothing else changes the catalogue, and it is done once, before
 * anything is looked up.
 */
export function addProviders(more: readonly Provider[]): void {
  all = [...all, ...more];
}
