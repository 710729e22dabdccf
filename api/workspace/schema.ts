import { z } from 'zod';

const timeZone = z
  .string()
  .min(1)
  .max(64)
  .describe('Name of a time zone, such as Europe/Berlin: where the days of the workspace begin and end.');

export const settingsBody = z.strictObject({ timeZone });

export const settings = z.object({ name: z.string(), timeZone }).meta({ id: 'Workspace' });
