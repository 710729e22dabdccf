import { z } from 'zod';
import { graphProblem } from '../http/graph-problem.ts';

export const verdict = z
  .object({
    valid: z.boolean().describe('Whether it can be published.'),
    problems: z.array(graphProblem).describe('Errors, then warnings.'),
  })
  .meta({ id: 'Verdict' });
