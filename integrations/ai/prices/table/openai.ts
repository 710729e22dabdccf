import type { ModelPrice } from '../price.ts';

const LISTED = { provider: 'openai', source: 'https://developers.openai.com/api/docs/pricing (2026-11-05)' } as const;

/** Longer inputs cost twice as much, and their output half as much again. */
const LONG = 272_000;

/** What each model costs. The newest models also charge for what is written to the cache. */
export const OPENAI: readonly ModelPrice[] = [
  {
    ...{ ...LISTED, model: 'gpt-6.1-sol', from: '2026-09-29' },
    ...{ input: '2', cacheRead: '0.1', cacheWrite: '2.5', output: '10' },
    long: { above: LONG, input: '4', cacheRead: '0.2', cacheWrite: '5', output: '15' },
  },
  {
    ...{ ...LISTED, model: 'gpt-6.1-terra', from: '2026-10-26' },
    ...{ input: '1', cacheRead: '0.05', cacheWrite: '1.25', output: '5' },
    long: { above: LONG, input: '2', cacheRead: '0.1', cacheWrite: '2.5', output: '7.5' },
  },
  {
    ...{ ...LISTED, model: 'gpt-6-astra', from: '2026-09-03' },
    ...{ input: '10', cacheRead: '1', cacheWrite: '12.5', output: '50' },
    long: { above: LONG, input: '20', cacheRead: '2', cacheWrite: '25', output: '75' },
  },
  {
    ...{ ...LISTED, model: 'gpt-6-sol', from: '2026-09-22' },
    ...{ input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '10' },
    long: { above: LONG, input: '4', cacheRead: '0.4', cacheWrite: '5', output: '15' },
  },
  {
    ...{ ...LISTED, model: 'gpt-6-luna', from: '2026-09-22' },
    ...{ input: '0.1', cacheRead: '0.01', cacheWrite: '0.125', output: '0.5' },
    long: { above: LONG, input: '0.2', cacheRead: '0.02', cacheWrite: '0.25', output: '0.75' },
  },
  ...(['gpt-5.6-sol', 'gpt-5.6'] as const).flatMap((model) => [
    {
      ...{ ...LISTED, model, from: '2026-07-09' },
      ...{ input: '5', cacheRead: '0.5', cacheWrite: '6.25', output: '30' },
      long: { above: LONG, input: '10', cacheRead: '1', cacheWrite: '12.5', output: '45' },
    },
    {
      ...{ ...LISTED, model, from: '2026-08-21' },
      ...{ input: '4', cacheRead: '0.4', cacheWrite: '5', output: '20' },
      long: { above: LONG, input: '8', cacheRead: '0.8', cacheWrite: '10', output: '30' },
    },
  ]),
  {
    ...{ ...LISTED, model: 'gpt-5.6-terra', from: '2026-07-09' },
    ...{ input: '2.5', cacheRead: '0.25', cacheWrite: '3.125', output: '15' },
    long: { above: LONG, input: '5', cacheRead: '0.5', cacheWrite: '6.25', output: '22.5' },
  },
  {
    ...{ ...LISTED, model: 'gpt-5.6-terra', from: '2026-07-30' },
    ...{ input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '12' },
    long: { above: LONG, input: '4', cacheRead: '0.4', cacheWrite: '5', output: '18' },
  },
  {
    ...{ ...LISTED, model: 'gpt-5.6-luna', from: '2026-07-09' },
    ...{ input: '1', cacheRead: '0.1', cacheWrite: '1.25', output: '6' },
    long: { above: LONG, input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '9' },
  },
  {
    ...{ ...LISTED, model: 'gpt-5.6-luna', from: '2026-07-30' },
    ...{ input: '0.2', cacheRead: '0.02', cacheWrite: '0.25', output: '1.2' },
    long: { above: LONG, input: '0.4', cacheRead: '0.04', cacheWrite: '0.5', output: '1.8' },
  },
  {
    ...{ ...LISTED, model: 'gpt-5.5', from: '2026-04-23', input: '5', cacheRead: '0.5', output: '30' },
    long: { above: LONG, input: '10', cacheRead: '1', output: '45' },
  },
  { ...LISTED, model: 'gpt-5.5-pro', from: '2026-04-23', input: '30', output: '180' },
  {
    ...{ ...LISTED, model: 'gpt-5.4', from: '2026-03-05', input: '2.5', cacheRead: '0.25', output: '15' },
    long: { above: LONG, input: '5', cacheRead: '0.5', output: '22.5' },
  },
  { ...LISTED, model: 'gpt-5.4-mini', from: '2026-03-05', input: '0.75', cacheRead: '0.075', output: '4.5' },
  { ...LISTED, model: 'gpt-5.4-nano', from: '2026-03-05', input: '0.2', cacheRead: '0.02', output: '1.25' },
  {
    ...{ ...LISTED, model: 'gpt-5.4-pro', from: '2026-03-05', input: '30', output: '180' },
    long: { above: LONG, input: '60', output: '270' },
  },
  { ...LISTED, model: 'gpt-5.2', from: '2025-12-11', input: '1.75', cacheRead: '0.175', output: '14' },
  { ...LISTED, model: 'gpt-5.1', from: '2025-11-13', input: '1.25', cacheRead: '0.125', output: '10' },
  { ...LISTED, model: 'gpt-5', from: '2025-08-07', input: '1.25', cacheRead: '0.125', output: '10' },
  { ...LISTED, model: 'gpt-5-mini', from: '2025-08-07', input: '0.25', cacheRead: '0.025', output: '2' },
  { ...LISTED, model: 'gpt-5-nano', from: '2025-08-07', input: '0.05', cacheRead: '0.005', output: '0.4' },
  { ...LISTED, model: 'gpt-4.1', from: '2025-04-14', input: '2', cacheRead: '0.5', output: '8' },
  { ...LISTED, model: 'gpt-4.1-mini', from: '2025-04-14', input: '0.4', cacheRead: '0.1', output: '1.6' },
  { ...LISTED, model: 'gpt-4o', from: '2024-10-01', input: '2.5', cacheRead: '1.25', output: '10' },
  { ...LISTED, model: 'gpt-4o-mini', from: '2024-07-18', input: '0.15', cacheRead: '0.075', output: '0.6' },
  { ...LISTED, model: 'o3', from: '2025-06-10', input: '2', cacheRead: '0.5', output: '8' },
  { ...LISTED, model: 'text-embedding-3-small', from: '2024-01-25', input: '0.02' },
  { ...LISTED, model: 'text-embedding-3-large', from: '2024-01-25', input: '0.13' },
  { ...LISTED, model: 'text-embedding-ada-002', from: '2023-06-13', input: '0.1' },
  { ...LISTED, model: 'omni-moderation-latest', from: '2024-09-26', input: '0', output: '0' },
  { ...LISTED, model: 'whisper-1', from: '2023-03-01', minute: '0.006' },
  {
    ...{ ...LISTED, model: 'gpt-transcribe', from: '2026-08-26', minute: '0.0045' },
    source: 'https://developers.openai.com/api/docs/models/gpt-transcribe (2026-11-28)',
  },
  // The input is audio. A server that reports no tokens reports the time.
  { ...LISTED, model: 'gpt-4o-transcribe', from: '2025-03-20', input: '6', output: '10', minute: '0.006' },
  { ...LISTED, model: 'gpt-4o-mini-transcribe', from: '2025-03-20', input: '3', output: '5', minute: '0.003' },
  // The output is an image. An image that is sent along costs more than text, and counts as text here.
  { ...LISTED, model: 'gpt-image-1', from: '2025-04-23', input: '5', cacheRead: '1.25', output: '40' },
  { ...LISTED, model: 'gpt-image-1-mini', from: '2025-10-06', input: '2', cacheRead: '0.2', output: '8' },
  {
    ...{ ...LISTED, model: 'gpt-image-2.6-sunburst', from: '2026-11-04' },
    ...{ input: '5', cacheRead: '1.25', output: '30' },
    source: 'https://developers.openai.com/api/docs/models/gpt-image-2.6-sunburst (2026-11-28)',
  },
];
