import { expect, it } from 'vitest';
import { addressOf, sign } from '../api/hooks/testing/hook.ts';
import { useApi } from '../api/testing/api.ts';
import { readExample } from './testing/case.ts';

const api = useApi();
const SECRET = 'tea-and-coffee';

it('the signed order is answered to the shop, and to nobody else', async () => {
  expect(readExample('signed-order', 'README.md')).toContain(`--data '{"secret":"${SECRET}"}'`);
  await api.put('/api/connections/shop', { type: 'webhook-secret', data: { secret: SECRET } });
  const yaml = { 'content-type': 'application/yaml' };
  const published = await api.put('/api/workflows/signed-order', readExample('signed-order', 'graph.yaml'), yaml);
  expect(published.status).toBe(201);
  const address = await addressOf(api, 'signed-order', 'order');
  const now = () => Math.floor(Date.now() / 1000);
  const send = (body: string, { secret = SECRET, time = now(), sent = body } = {}) =>
    api.post(address, sent, { 'x-timestamp': String(time), 'x-signature': sign(secret, `${time}.${body}`) });
  const order = JSON.stringify(JSON.parse(readExample('signed-order', 'input.json')));
  expect(await send(order)).toMatchObject({ status: 201, body: { item: 'tea', total: 12 } });
  expect((await send(order, { secret: 'guessed' })).status).toBe(401);
  expect((await send(order, { sent: order.replace('3', '300') })).status).toBe(401);
  expect((await send(order, { time: now() - 3_600 })).status).toBe(401);
  expect(await send('{"item":"milk","quantity":1}')).toMatchObject({ status: 400, body: { code: 'hook.input' } });
});
