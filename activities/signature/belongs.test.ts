import { describe, expect, it } from 'vitest';
import { belongs } from './belongs.ts';

const run = { workspace: 'a', workflow: 'pay', runId: 'r1' };
const ID = 'a/pay/call/1';
const own = { workspace: 'a', workflow: 'pay', runId: 'r1' };
const effect = { ...own, idempotencyKey: `${ID}/step` };

describe('what an activity is asked to do', () => {
  it.each<[string, unknown]>([
    ['http.request', effect],
    ['blokStore', { workspace: 'a', runId: 'r1' }],
    ['blokLoad', { workspace: 'a' }],
    ['blokWaits', { record: { ...own, workflowId: ID } }],
    ['blokSlot', { ...own, workflowId: ID }],
    ['blokAwait', { workflowId: 'a/other/call/2' }],
    ['blokAwait', { workflowId: `${ID}/each~0` }],
    ['blokOnFailure', { workspace: 'a', workflow: 'alarm', failed: { workflow: 'pay', run: 'r1' } }],
  ])('may be for the run itself: %s %o', (type, input) => {
    expect(belongs(type, input, run, ID)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['http.request', { ...effect, workspace: 'b' }],
    ['http.request', { ...effect, workflow: 'other' }],
    ['http.request', { ...effect, runId: 'r2' }],
    ['http.request', { ...effect, idempotencyKey: 'a/pay/call/2/step' }],
    ['http.request', undefined],
    ['blokStore', { workspace: 'a', runId: 'r2' }],
    ['blokLoad', { workspace: 'b' }],
    ['blokLoad', {}],
    ['blokWaits', { record: { ...own, workflowId: 'a/pay/call/2' } }],
    ['blokWaits', { workspace: 'a' }],
    ['blokSlot', { ...own, workflowId: 'a/pay/call/2' }],
    ['blokAwait', { workflowId: 'b/other/call/2' }],
    ['blokAwait', {}],
    ['blokOnFailure', { workspace: 'a', workflow: 'alarm', failed: { workflow: 'other', run: 'r1' } }],
    ['blokOnFailure', { workspace: 'a', workflow: 'pay', failed: { workflow: 'pay', run: 'r2' } }],
  ])('is not for anybody else: %s %o', (type, input) => {
    expect(belongs(type, input, run, ID)).toBe(false);
  });
});
