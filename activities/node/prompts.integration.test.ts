import { describe, expect, it } from 'vitest';
import { writePrompt } from '../../db/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { createPrompts } from './prompts.ts';

const store = useDatabase();
const prompts = createPrompts((work) => store.inside(work));
const variables = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const write = (text: string) =>
  store.inside((tx) =>
    writePrompt(tx, { name: 'hi', author: 'ada', document: { variables, messages: [{ role: 'user', text }] } }),
  );

describe('the prompts of the workspace, in a step', () => {
  it('stay as they were in the version that a plan names', async () => {
    await write('Hello ${{ vars.name }}');
    await write('Bye ${{ vars.name }}');
    const said = async (version?: number) => {
      const { messages, ...rest } = await prompts.render({ name: 'hi', version, variables: { name: 'Ada' } });
      return [rest.version, messages[0]!.text];
    };
    expect([await said(1), await said(2), await said()]).toEqual([
      [1, 'Hello Ada'],
      [2, 'Bye Ada'],
      [2, 'Bye Ada'],
    ]);
  });

  it('fail for good if there is no such prompt, or if the variables do not fit', async () => {
    const failed = (reference: object) => expect(prompts.render(reference as never)).rejects;
    await failed({ name: 'nobody' }).toMatchObject({ code: 'prompt.notFound', retryable: false });
    await failed({ name: 'hi', version: 9 }).toMatchObject({ code: 'prompt.notFound' });
    await failed({ name: 'hi', variables: { name: 7 } }).toMatchObject({ code: 'input.invalid', retryable: false });
  });

  it('never change in the database, whoever writes rows', async () => {
    const change = store.inside((tx) => tx.db.execute('update prompt_version set hash = hash'));
    await expect(change).rejects.toMatchObject({ code: '42501' });
  });
});
