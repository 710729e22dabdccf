import { modelChoices } from './model/choices.ts';
import { RETIRED_MODELS } from './model/models.ts';
import { MODEL_CONNECTIONS } from './model/open.ts';

/** The connection of every node that asks a model. It decides the provider. */
export const modelConnection = { type: MODEL_CONNECTIONS, required: true } as const;

/**
 * What all nodes that ask a model promise. A call that is repeated costs money again and does nothing else, so a lost
 * answer is asked for once more.
 */
export const modelPolicy = {
  effect: 'at-least-once',
  timeout: '1h',
  retry: { maxAttempts: 5, delay: '2s', factor: 3, maxDelay: '2m', attemptTimeout: '10m' },
  retires: { model: RETIRED_MODELS },
  options: { model: modelChoices },
} as const;

/** Errors of all nodes that ask a model. Those of a provider begin with its name. */
export const modelErrors = {
  'ai.budget': 'A hard budget has no room for the call, so nothing was sent.',
  'ai.secret': 'The prompt holds the key of the connection, so nothing was sent.',
  'ai.tooLong': 'The text is longer than a request may be.',
  'ai.refused': 'The model does not want to answer; the message holds its words.',
  'ai.filtered': 'The provider cut the answer off, or blocked the prompt.',
  'ai.tooLarge': 'The answer is larger than any model writes, or holds more values.',
  'ai.unsupported': 'The provider has no such service, or does not take such parts of a message.',
  'openai.*':
    'OpenAI, or a server that speaks its protocol, refused the call; the rest of the code is the one of the server.',
  'anthropic.*': 'Anthropic refused the call.',
  'gemini.*': 'Gemini refused the call.',
} as const;
