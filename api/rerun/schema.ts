import { z } from 'zod';
import { COMPARED } from '../../graph/replay/index.ts';
import { json, name, runId } from '../http/fields.ts';
import { run, runSummary } from '../runs/schema.ts';

const path = () => name(1_000).describe('Path of a step: `each[3].charge`.');

export const rerunBody = z
  .strictObject({
    from: path().optional().describe('Path of the step from which on the run is repeated. Absent: all of it is.'),
    input: json().optional().describe('Instead of the input of the run.'),
    outputs: z
      .record(name(1_000), json())
      .optional()
      .describe('Outputs of steps, by path, that are taken over instead of those recorded.'),
    version: z
      .int()
      .min(1)
      .max(999_999_999)
      .optional()
      .describe('Another version of the workflow. Default: that of the run.'),
    graph: json().optional().describe('A graph that runs instead: an object, or YAML or JSON text.'),
    vars: z.record(z.string(), json()).optional().describe('Variables of that graph.'),
    dryRun: z.boolean().optional().describe('Only say what would be taken over.'),
    reason: name(1_000).optional().describe('Why. It is written down.'),
  })
  .refine(({ version, graph }) => version === undefined || graph === undefined, {
    path: ['graph'],
    message: 'goes with no version',
  })
  .refine(({ vars, graph }) => vars === undefined || graph !== undefined, {
    path: ['vars'],
    message: 'goes with a graph only',
  });

export const rerunAnswer = z
  .object({
    run: run.nullable().describe('The new run. Null: it was not started.'),
    takenOver: z.array(z.string()).describe('Steps that are not executed again.'),
    again: z
      .array(z.object({ step: z.string(), why: z.enum(['unfinished', 'undone', 'changed', 'notKept']) }))
      .describe('Steps before `from` that are executed all the same.'),
    notes: z.array(z.string()).describe('What to know about the data.'),
  })
  .meta({ id: 'Rerun' });

export const compareQuery = z.strictObject({
  with: runId(),
  all: z.enum(['true', 'false']).optional().describe('`true`: list steps that are the same, too.'),
});

export const comparison = z
  .object({
    left: runSummary,
    right: runSummary,
    outputDiffers: z.boolean(),
    same: z.int().describe('How many steps are the same.'),
    different: z.int().describe('How many differ, or are in one of the runs only.'),
    steps: z.array(
      z.object({
        path: z.string(),
        change: z.enum(['same', 'differs', 'only-left', 'only-right']),
        fields: z.array(z.enum(COMPARED)),
        leftMs: z.number().nullable(),
        rightMs: z.number().nullable(),
      }),
    ),
    more: z.boolean().describe('More steps would be listed than the 10,000 that are.'),
  })
  .meta({ id: 'RunComparison' });
