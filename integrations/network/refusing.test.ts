import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { fakeProvider } from '../testing/fake-provider/provider.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { refusingNetwork } from './refusing.ts';

const run = promisify(execFile);

/** Tries every way out that a library may take, in a process of its own, and prints what each of them said. */
const program = (base: string): string => `
import http from 'node:http';
import { request } from 'undici';
import { refuseUnguarded } from ${JSON.stringify(new URL('./refusing.ts', import.meta.url).href)};
import { guardedFetch } from ${JSON.stringify(new URL('./guarded-fetch.ts', import.meta.url).href)};
import { createNetwork } from ${JSON.stringify(new URL('./network.ts', import.meta.url).href)};
refuseUnguarded();
const base = ${JSON.stringify(base)};
const said = {};
const codeOf = (error) => error.cause?.code ?? error.code ?? error.message;
const node = (options) => new Promise((resolve, reject) => http.get(base + '/node', options, resolve).on('error', reject));
const ways = {
  fetch: () => fetch(base + '/fetch'),
  undici: () => request(base + '/undici'),
  'node:http': () => node({}),
  'an agent of its own': () => node({ agent: new http.Agent({ keepAlive: true }) }),
  'no agent': () => node({ agent: false }),
  'the guarded fetch': () => guardedFetch(createNetwork({ allow: ['127.0.0.1'] }), new AbortController().signal)(base + '/ok'),
};
for (const [way, go] of Object.entries(ways)) {
  said[way] = await Promise.resolve().then(go).then(() => 'went out', codeOf);
}
console.log(JSON.stringify(said));
process.exit();
`;

it('closes every way around the guard in a process that runs nodes, and leaves the guarded one open', async () => {
  const provider = await fakeProvider({ state: () => ({}), routes: { '* /*': () => ({ body: {} }) } });
  try {
    const cwd = fileURLToPath(new URL('../../', import.meta.url));
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program(provider.base)], { cwd });
    const refused = 'network.unguarded';
    expect(JSON.parse(stdout)).toEqual({
      fetch: refused,
      undici: refused,
      'node:http': refused,
      'an agent of its own': refused,
      'no agent': refused,
      'the guarded fetch': 'went out',
    });
    expect(provider.requests.map(({ path }) => path)).toEqual(['/ok']);
  } finally {
    await provider.close();
  }
});

it('tells who asked for what', async () => {
  const asked: string[] = [];
  const network = refusingNetwork((what) => void asked.push(what));
  const fetch = guardedFetch(network, new AbortController().signal);
  await expect(fetch('https://a.example/x')).rejects.toMatchObject({ code: 'network.unguarded' });
  await expect(network.resolve('b.example', 25)).rejects.toMatchObject({ code: 'network.unguarded' });
  expect(asked).toEqual(['GET https://a.example', 'b.example:25']);
});
