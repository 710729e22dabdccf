import { newMarkFile, openMark, removeMark } from './mark.ts';

/**
 * Local activities, noted while they run. They belong to a workflow task but run outside of its thread, and no attempt
 * of theirs is known to Temporal: only a note says which of them ended the process.
 */
export interface LocalWork {
  during<T>(workflowId: string, work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** @param folder where the marks of the worker are */
export function noteLocalWork(folder: string): LocalWork {
  const file = newMarkFile(folder, 'local');
  const mark = openMark(file);
  const running: string[] = [];
  return {
    during: async (workflowId, work) => {
      running.push(workflowId);
      mark.set(running);
      try {
        return await work();
      } finally {
        running.splice(running.indexOf(workflowId), 1);
        mark.set(running);
      }
    },
    close: () => removeMark(file),
  };
}
