import { describe, expect, it } from 'vitest';
import { documentCases } from '../validate/testing/document-cases.ts';
import type { Cases } from '../validate/testing/graphs.ts';
import { endedTexts, innocent } from '../validate/testing/innocent-cases.ts';
import { linksCases } from '../validate/testing/links-cases.ts';
import { typesCases } from '../validate/testing/types-cases.ts';
import { testCatalogue, testConnections, testPrompts } from '../validate/testing/validated.ts';
import { warningCases } from '../validate/testing/warning-cases.ts';
import { validateText } from '../validate/validate.ts';
import { CODES } from './codes.ts';

const context = {
  ...{ catalogue: testCatalogue, connections: testConnections, prompts: testPrompts },
  workflows: new Set(['other']),
};
const check = (text: string) => validateText(text, context).problems;

const CASES: Cases = { ...documentCases, ...typesCases, ...linksCases, ...warningCases };

describe('problem codes', () => {
  it.each(Object.keys(CASES))('%s', (code) => {
    expect(CASES[code]!.length).toBeGreaterThan(0);
    for (const [text, path, says] of CASES[code]!) {
      const problems = check(text);
      const found = problems.find((each) => each.code === code && each.path === path);
      expect(found, `${text}\n${JSON.stringify(problems, null, 1)}`).toBeDefined();
      expect(found?.message).toContain(says);
      expect(found?.message).toMatch(/[.?]$/);
      expect(found?.hint).toBeTruthy();
      expect(found?.line).toBeGreaterThan(0);
      expect(found?.column).toBeGreaterThan(0);
    }
  });

  it('are all tested', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(CODES).sort());
  });

  it.each(Object.keys(warningCases))('%s is a warning, and is not given for intended graphs', (code) => {
    for (const [text] of warningCases[code]!) {
      for (const found of check(text))
        expect(found.severity).toBe(CODES[found.code as 'placeholder']?.severity ?? 'error');
    }
    expect(innocent[code]?.length).toBeGreaterThan(0);
    for (const text of innocent[code]!) {
      const found = check(text).filter((each) => each.code === code || each.severity === 'error');
      expect([text, found]).toEqual([text, []]);
    }
  });

  it('an error in the last line is no sign that the text was cut off', () => {
    for (const text of endedTexts) {
      const codes = check(text).map(({ code }) => code);
      expect(codes.length, text).toBeGreaterThan(0);
      expect(codes, text).not.toContain('cut-off');
    }
  });

  it('reports one mistake once', () => {
    const single = Object.entries(CASES).filter(
      ([code]) => !['unreachable', 'unknown-key', 'unknown-type', 'bad-value', 'syntax', 'cut-off'].includes(code),
    );
    for (const [code, cases] of single) {
      for (const [text] of cases) {
        const others = check(text)
          .filter((each) => each.code !== code && each.severity === 'error')
          .map((each) => `${each.code} ${each.path}`);
        expect([text, others.length <= 1 ? [] : others]).toEqual([text, []]);
      }
    }
  });
});
