/** Prompts: named texts for models, with variables, versions and test cases. */
export { LARGEST_PROMPT, type ParsedPrompt, parsePrompt } from './parse.ts';
export { type NewestPrompts, pinPrompts } from './pin.ts';
export { renderPrompt, textsOf } from './render.ts';
export { compareText, type PromptOutcome, testPrompt } from './test-prompt.ts';
export type * from './types.ts';
export { type PromptUse, promptsOf } from './uses.ts';
