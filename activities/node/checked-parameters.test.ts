import { describe, expect, it } from 'vitest';
import { findNode } from '../../integrations/index.ts';
import { checkedParameters } from './checked-parameters.ts';

const check = (type: string, given: object) => checkedParameters(findNode(type, 1)!, given);

describe('parameters of an effect', () => {
  it('that are null where the type has no null count as not given', () => {
    const mail = { to: 'ada@acme.example', subject: 'Hi', text: 'Hello' };
    expect(check('email.send', { ...mail, cc: null, replyTo: null })).toEqual(check('email.send', mail));
    expect(check('http.request', { url: 'https://a.example', method: null, query: null })).toMatchObject({
      method: 'GET',
    });
  });

  it('stay null where the type takes it', () => {
    expect(check('kv.set', { key: 'k', value: null })).toMatchObject({ value: null });
    expect(check('http.request', { url: 'https://a.example', query: { after: null } })).toMatchObject({
      query: { after: null },
    });
  });

  it('fail with input.invalid if a required one is then missing', () => {
    expect(() => check('email.send', { to: null, subject: 'Hi', text: 'Hello' })).toThrow(/with\.to/);
    expect(() => check('http.request', { url: null })).toThrow(/bad parameters\. with\.url/);
  });
});
