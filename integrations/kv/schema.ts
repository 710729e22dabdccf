import { z } from 'zod';

/** Key of an entry: at most 512 characters, no control characters. */
export const key = () =>
  z
    .string()
    .min(1)
    .max(512)
    .regex(/^\P{Cc}+$/u, 'must hold no control characters');

/** Who shares the key. */
export const scope = () => z.enum(['workflow', 'workspace']).default('workflow');

export const scopeDescription =
  '`workflow`: the key belongs to this workflow. `workspace`: all workflows of the workspace share it.';
