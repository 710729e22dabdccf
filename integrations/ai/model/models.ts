import type { Retirement } from '../../../graph/catalogue.ts';

/**
 * Models that their providers retire, and when, as the providers' own pages of deprecations said on 2026-11-20. Nothing
 * is decided by this table: authors of graphs are warned, and a name that is not in it is as good as any other.
 */
const RETIREMENTS: readonly { readonly on: string; readonly models: readonly string[]; readonly instead: string }[] = [
  // OpenAI
  {
    on: '2026-10-23',
    models: ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125', 'o4-mini', 'o4-mini-2025-04-16'],
    instead: 'gpt-5.6-terra',
  },
  {
    on: '2026-10-23',
    models: ['gpt-4', 'gpt-4-0613', 'gpt-4-1106-preview', 'gpt-4-turbo', 'gpt-4-turbo-2024-04-09'],
    instead: 'gpt-5.6-sol',
  },
  {
    on: '2026-10-23',
    models: ['gpt-4o-2024-05-13', 'o1', 'o1-2024-12-17', 'o1-pro', 'o3-mini', 'o3-mini-2025-01-31'],
    instead: 'gpt-5.6-sol',
  },
  { on: '2026-10-23', models: ['gpt-4.1-nano', 'gpt-4.1-nano-2025-04-14'], instead: 'gpt-5.6-luna' },
  { on: '2026-10-23', models: ['gpt-image-1'], instead: 'gpt-image-2.6-sunburst' },
  {
    on: '2026-12-01',
    models: ['gpt-image-1-mini', 'gpt-image-1.5', 'gpt-image-1.5-2025-12-16', 'chatgpt-image-latest'],
    instead: 'gpt-image-2.6-sunburst',
  },
  {
    on: '2026-12-11',
    models: ['gpt-5', 'gpt-5-2025-08-07', 'gpt-5-pro', 'gpt-5-pro-2025-10-06'],
    instead: 'gpt-6.1-sol',
  },
  { on: '2026-12-11', models: ['o3', 'o3-2025-04-16', 'o3-pro', 'o3-pro-2025-06-10'], instead: 'gpt-6.1-sol' },
  { on: '2026-12-11', models: ['gpt-5-mini', 'gpt-5-mini-2025-08-07'], instead: 'gpt-6.1-terra' },
  { on: '2026-12-11', models: ['gpt-5-nano', 'gpt-5-nano-2025-08-07'], instead: 'gpt-6-luna' },
  { on: '2027-01-14', models: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'], instead: 'gpt-6-luna' },
  {
    on: '2027-02-26',
    models: ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-4o-transcribe-diarize'],
    instead: 'gpt-transcribe',
  },
  { on: '2027-04-01', models: ['gpt-5.1', 'gpt-5.3-codex'], instead: 'gpt-6.1-sol' },
  { on: '2027-04-01', models: ['gpt-5.4-nano'], instead: 'gpt-6-luna' },
  // Anthropic
  {
    on: '2025-10-28',
    models: ['claude-3-5-sonnet-20240620', 'claude-3-5-sonnet-20241022', 'claude-3-5-sonnet-latest'],
    instead: 'claude-sonnet-4-6',
  },
  { on: '2026-01-05', models: ['claude-3-opus-20240229', 'claude-3-opus-latest'], instead: 'claude-opus-4-8' },
  {
    on: '2026-02-19',
    models: ['claude-3-7-sonnet-20250219', 'claude-3-7-sonnet-latest'],
    instead: 'claude-sonnet-4-6',
  },
  { on: '2026-02-19', models: ['claude-3-5-haiku-20241022', 'claude-3-5-haiku-latest'], instead: 'claude-haiku-4-5' },
  { on: '2026-06-15', models: ['claude-sonnet-4-0', 'claude-sonnet-4-20250514'], instead: 'claude-sonnet-4-6' },
  { on: '2026-06-15', models: ['claude-opus-4-0', 'claude-opus-4-20250514'], instead: 'claude-opus-4-8' },
  { on: '2026-08-05', models: ['claude-opus-4-1', 'claude-opus-4-1-20250805'], instead: 'claude-opus-4-8' },
  // Google
  { on: '2026-03-09', models: ['gemini-3-pro-preview'], instead: 'gemini-3.1-pro-preview' },
  { on: '2026-06-01', models: ['gemini-2.0-flash', 'gemini-2.0-flash-001'], instead: 'gemini-3.8-flash' },
  {
    on: '2026-06-01',
    models: ['gemini-2.0-flash-lite', 'gemini-2.0-flash-lite-001'],
    instead: 'gemini-3.5-flash-lite',
  },
  { on: '2026-06-25', models: ['gemini-3.1-flash-image-preview'], instead: 'gemini-3.1-flash-image' },
  { on: '2026-06-25', models: ['gemini-3-pro-image-preview'], instead: 'gemini-3-pro-image' },
  { on: '2026-12-01', models: ['gemini-2.5-pro'], instead: 'gemini-3.8-flash' },
  { on: '2026-12-01', models: ['gemini-2.5-flash'], instead: 'gemini-3.5-flash-lite' },
];

/** The day on which each of them stops working, by name. */
export const RETIRED_MODELS: Readonly<Record<string, Retirement>> = Object.fromEntries(
  RETIREMENTS.flatMap(({ on, models, instead }) => models.map((model) => [model, { on, instead }])),
);
