import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const REJECTIONS = JSON.stringify(new URL('rejections.ts', import.meta.url).href);

/** What a process prints that survives its rejections and then does something. */
async function printed(text: string): Promise<string[]> {
  const begun = `import(${REJECTIONS}).then(({ surviveRejections }) => {
    surviveRejections({ error: ({ err, rejections }) => console.log(rejections, err.message) });
    ${text}
  });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', begun]).catch((error) => error);
  return stdout.trim().split('\n');
}

describe('a process', () => {
  it('survives rejections that nobody handles, logs them and counts them', async () => {
    const lines = await printed(`
      Promise.reject(new Error('one'));
      Promise.reject('two');
      setTimeout(() => console.log('alive'), 50);`);
    expect(lines).toEqual(['1 one', '2 two', 'alive']);
  });

  it('ends at an exception that nobody catches', async () => {
    expect(
      await printed(
        "console.log('before'); setTimeout(() => { throw new Error('x'); }); setTimeout(() => console.log('alive'), 50);",
      ),
    ).toEqual(['before']);
  });
});
