import { afterAll, expect, it } from 'vitest';
import { describeService, type Service } from './real-service.ts';

const ran: Service<object>[] = [];
const fake = { base: 'http://127.0.0.1', data: { key: 'fake' }, fake: {} };
const real = ([key, base]: readonly string[]): Service<object> => ({ base: base!, data: { key }, fake: null });
const suite = (service: () => Service<object>) => it('runs', () => void ran.push(service()));

process.env.BLOK_TEST_KEY = 'k';
process.env.BLOK_TEST_BASE = 'https://real.example';
describeService('a service', { fake: () => fake, variables: ['BLOK_TEST_KEY', 'BLOK_TEST_BASE'], real }, suite);
delete process.env.BLOK_TEST_BASE;
describeService(
  'a service without an account',
  { fake: () => fake, variables: ['BLOK_TEST_KEY', 'BLOK_TEST_BASE'], real },
  suite,
);
delete process.env.BLOK_TEST_KEY;

afterAll(() => {
  expect(ran).toEqual([fake, { base: 'https://real.example', data: { key: 'k' }, fake: null }, fake]);
});
