import { z } from 'zod';
import { blobReference } from '../blob.ts';
import { defineTrigger } from '../define-trigger.ts';
import { duration } from '../schema.ts';
import type { FolderCursor } from './changes.ts';

const NOTES = `
**Allowing a folder.** The operator lists the folders that may be watched, with everything below them, in \`BLOK_WATCH_FOLDERS\` of the worker:
absolute paths, separated by commas. Without the list no folder is watched. If there are several workers, all must see the same folders.

**What fires.** A file that was created, written, moved into the folder or renamed, once it has been left alone for \`settle\`. A file that is written
slowly fires when the writer has been still for that long. A file that is written again later fires again, with its new content. Deleting fires
nothing. A file under the same name, of the same size and with the same time of its last change is the same file, so a change of its rights
alone starts no second run; a file that is older than the watch fires when its rights change.

**What does not fire.** Folders, devices, and links that lead out of the watched folder. Linked folders are not entered. Files keep their times when
the folder that holds them is moved in or renamed, so they are as old as before. A file that the worker may not read fires once its rights allow it.
A folder may hold 100,000 files; what it holds more is an error, and nothing fires.

**Clocks.** The file system's own clock decides what is new. If it belongs to another machine and is wrong, set \`settle\` to more than the error.
`.trim();

/** Fires when a file in a folder of the worker's machine was created, changed or renamed. */
export const onChanged = defineTrigger({
  type: 'folder.changed',
  title: 'New or changed file in a folder',
  description:
    "Fires when a file in a folder of the worker's machine was created, changed, moved there or renamed, and has been left alone for a moment. The operator allows the folders.",
  with: z.strictObject({
    path: z
      .string()
      .min(1)
      .max(4_096)
      .regex(/^\//, 'must be an absolute path')
      .describe('Absolute path of the folder.'),
    pattern: z
      .string()
      .min(1)
      .max(500)
      .default('*')
      .describe(
        'Which names fire: `*` stands for any characters, `?` for one, such as `*.csv`. Hidden files need a pattern with a dot in front.',
      ),
    recursive: z.boolean().default(false).describe('Also watch the folders below it.'),
    settle: duration('1s', '1h').default('5s').describe('How long a file must have been left alone.'),
    content: z.boolean().default(true).describe('Pass the content on as a reference.'),
    maxBytes: z
      .int()
      .min(1)
      .max(104_857_600)
      .default(26_214_400)
      .describe('Largest content that is passed on. A larger file fires without its content.'),
  }),
  item: z.object({
    path: z.string().describe('Path within the watched folder.'),
    name: z.string().describe('Name of the file.'),
    size: z.int().describe('Bytes.'),
    modifiedAt: z.string().describe('ISO time of the last change.'),
    file: blobReference().nullable().describe('The content; null if it is too large or not wanted.'),
  }),
  every: '10s',
  examples: [
    { title: 'Files that arrive', with: { path: '/srv/inbox', pattern: '*.csv' } },
    { title: 'Whatever is written below a folder', with: { path: '/srv/projects', recursive: true, settle: '30s' } },
  ],
  errors: {
    'folder.forbidden': 'The operator has not allowed this folder: see `BLOK_WATCH_FOLDERS`.',
    'folder.missing': 'There is no such folder, or the worker may not read it. Tried again.',
    'folder.tooMany': 'The folder holds more than 100,000 files.',
    'folder.unreadable': 'The file system answered with an error. Nothing is left out: the look is repeated.',
  },
  notes: NOTES,
  watches: ({ path }) => path,
  async poll(ctx, request) {
    const { changes } = await import('./changes.ts');
    return changes(ctx, { ...request, cursor: request.cursor as FolderCursor | null });
  },
});
