import type { ModelPrice } from './price.ts';
import { ANTHROPIC } from './table/anthropic.ts';
import { GEMINI } from './table/gemini.ts';
import { OPENAI } from './table/openai.ts';

/** List prices of the providers, without discounts and surcharges of their other tiers. */
export const PRICES: readonly ModelPrice[] = [...OPENAI, ...ANTHROPIC, ...GEMINI];
