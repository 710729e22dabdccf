import { ANY, once, onceWord } from './parameters.ts';
import type { DataNode } from './types.ts';

const LEVELS = ['info', 'debug', 'warn', 'error'] as const;

/** `log`: a line for people. The output is null; the line itself is shown as the step's input. */
export const log: DataNode = {
  params: {
    message: { required: true, schema: { type: 'string' } },
    level: { schema: { type: 'string', enum: [...LEVELS] } },
    data: { schema: ANY },
  },
  run: (input) => {
    once(input, 'message');
    onceWord(input, 'level', LEVELS);
    once(input, 'data');
    return null;
  },
};
