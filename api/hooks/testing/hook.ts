import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { getTrigger, triggerToken } from '../../../db/index.ts';
import { graphOf, KEYRING, type useApi } from '../../testing/api.ts';

type Api = ReturnType<typeof useApi>;

/** Publishes a graph with a webhook, and returns its address. */
export async function publishHook(
  api: Api,
  name: string,
  given: { with: object; connection?: string; if?: string; graph?: object },
): Promise<string> {
  const { graph = {}, ...trigger } = given;
  const document = graphOf(name, { triggers: { in: { uses: 'webhook', ...trigger } }, ...graph });
  const answer = await api.put(`/api/workflows/${name}`, { graph: document });
  expect(answer).toMatchObject({ status: 201 });
  return addressOf(api, name);
}

/** The address of a webhook. */
export async function addressOf(api: Api, workflow: string, id = 'in'): Promise<string> {
  const token = await api.ctx().tenant(async (tx) => {
    const row = await getTrigger(tx, { workflow, id });
    return triggerToken(tx, KEYRING, { workflow, id, rotation: row!.rotation, tokenKey: row!.tokenKey! });
  });
  return `/hooks/${token}`;
}

/** A signature in hexadecimal. */
export const sign = (secret: string | Buffer, text: string | Buffer, algorithm = 'sha256'): string =>
  createHmac(algorithm, secret).update(text).digest('hex');
