import type { ModelPrice } from '../price.ts';

const LISTED = { provider: 'gemini', source: 'https://ai.google.dev/gemini-api/docs/pricing (2026-10-07)' } as const;

/** Prompts longer than this cost more with the Pro models. */
const LONG = 200_000;

/** What each model costs. Text, images and video; audio costs more with some models. */
export const GEMINI: readonly ModelPrice[] = [
  ...['gemini-3.8-flash', 'gemini-3.7-flash', 'gemini-3.6-flash'].flatMap((model) => [
    { ...LISTED, model, from: '2026-07-01', input: '0.75', cacheRead: '0.075', output: '3.75' },
    // The end of an introductory offer, announced with it.
    { ...LISTED, model, from: '2027-01-01', input: '1.5', cacheRead: '0.15', output: '7.5' },
  ]),
  { ...LISTED, model: 'gemini-3.5-flash', from: '2026-05-19', input: '1.5', cacheRead: '0.15', output: '9' },
  { ...LISTED, model: 'gemini-3.5-flash-lite', from: '2026-07-21', input: '0.3', cacheRead: '0.03', output: '2.5' },
  ...['gemini-3.1-pro-preview', 'gemini-3.1-pro'].map((model) => ({
    ...{ ...LISTED, model, from: '2026-02-19', input: '2', cacheRead: '0.2', output: '12' },
    long: { above: LONG, input: '4', cacheRead: '0.4', output: '18' },
  })),
  {
    ...{ ...LISTED, model: 'gemini-2.5-pro', from: '2025-06-17', input: '1.25', cacheRead: '0.125', output: '10' },
    long: { above: LONG, input: '2.5', cacheRead: '0.25', output: '15' },
  },
  { ...LISTED, model: 'gemini-2.5-flash', from: '2025-06-17', input: '0.3', cacheRead: '0.03', output: '2.5' },
  { ...LISTED, model: 'gemini-2.5-flash-lite', from: '2025-07-22', input: '0.1', cacheRead: '0.01', output: '0.4' },
  // The output is an image; what the model thinks before is text. Only the output was seen in words of Google's page. Resellers
  // differ about the input and the text of these models: to be confirmed there.
  ...['gemini-3-pro-image', 'gemini-3-pro-image-preview'].map((model) => ({
    ...{ ...LISTED, model, from: '2025-11-20', input: '2', output: '120', reasoning: '12' },
  })),
  ...['gemini-3.1-flash-image', 'gemini-3.1-flash-image-preview'].map((model) => ({
    ...{ ...LISTED, model, from: '2026-02-26', input: '0.5', output: '60', reasoning: '3' },
  })),
  { ...LISTED, model: 'gemini-embedding-001', from: '2025-07-14', input: '0.15' },
];
