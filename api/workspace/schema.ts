import { z } from 'zod';

const timeZone = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w+/-]*$/, 'must be a name of the IANA database, such as Europe/Berlin')
  .describe('Name of a time zone, such as Europe/Berlin: where the days of the workspace begin and end.');

const requireTests = z.boolean().describe('A graph is published only with graph tests that pass.');

export const settingsBody = z.strictObject({ timeZone: timeZone.optional(), requireTests: requireTests.optional() });

export const settings = z.object({ name: z.string(), timeZone, requireTests }).meta({ id: 'Workspace' });
