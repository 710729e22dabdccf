import { expect, it } from 'vitest';
import { ownServersOf } from './installation.ts';

const env = {
  DATABASE_URL: 'postgres://blok:hunter2@127.0.0.1/blok',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  BLOK_PUBLIC_URL: 'http://localhost:4400',
  PORT: 4400,
  BLOK_OWN_HOSTS: [],
};
const places = (change: object) => ownServersOf({ ...env, ...change }).map(({ host, port }) => `${host} ${port}`);

it('knows every server that a setting names', () => {
  const TEMPORAL_UI_URL = 'http://temporal-ui:8080/';
  const REDIS_URL = 'rediss://u:p@cache';
  expect(places({ TEMPORAL_UI_URL, REDIS_URL, BLOK_OWN_HOSTS: ['api:4400', '[::1]:99'] })).toEqual([
    '127.0.0.1 5432',
    'cache 6379',
    '127.0.0.1 7233',
    '127.0.0.1 7243',
    'temporal-ui 8080',
    'localhost 4400',
    '127.0.0.1 4400',
    'api 4400',
    '[::1] 99',
  ]);
});

it.each([
  ['postgres://u:p@db:5544/blok', 'db 5544'],
  ['postgresql://u:p%40x@db.example', 'db.example 5432'],
  ['postgres://[fd00::1]:5433/blok?sslmode=verify-full', '[fd00::1] 5433'],
  ['postgres://u:p@db:/blok', 'db 5432'],
  ['postgres:///blok', 'localhost 5432'],
  ['postgres:///blok?host=/var/run/postgresql', 'localhost 5432'],
  ['postgres://u@:5433/blok?host=db.internal', 'db.internal 5433'],
])('finds the database of %s', (DATABASE_URL, place) => {
  expect(places({ DATABASE_URL })[0]).toBe(place);
});

it.each([
  ['https://blok.example', 'blok.example 443'],
  ['http://blok.example/base', 'blok.example 80'],
  ['https://[2001:db8::1]:8443', '[2001:db8::1] 8443'],
])('finds the API at %s', (BLOK_PUBLIC_URL, place) => {
  expect(places({ BLOK_PUBLIC_URL })).toContain(place);
});

it.each([
  ['x.tmprl.cloud:7233', 'x.tmprl.cloud 7233'],
  ['temporal', 'temporal 7233'],
  ['dns:///temporal:7234', 'temporal 7234'],
])('finds Temporal at %s', (TEMPORAL_ADDRESS, place) => {
  expect(places({ TEMPORAL_ADDRESS })).toContain(place);
});
