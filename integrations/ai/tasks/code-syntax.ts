/** What is wrong with code, in words for a model; empty: nothing that can be seen without running it. */
export type SyntaxCheck = (code: string) => string[];

/** Checks the syntax of the languages for which there is a parser here; of others, nothing. */
export async function syntaxProblems(language: string): Promise<SyntaxCheck> {
  switch (language.toLowerCase()) {
    case 'javascript':
    case 'js': {
      const { parse } = await import('acorn');
      const options = {
        ecmaVersion: 'latest',
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
      } as const;
      return problemsOf('JavaScript', (code) => parse(code, { ...options, sourceType: 'module' }));
    }
    case 'json':
      return problemsOf('JSON', (code) => JSON.parse(code));
    case 'yaml': {
      const { parseDocument } = await import('yaml');
      return problemsOf('YAML', (code) => {
        const [error] = parseDocument(code).errors;
        if (error) throw error;
      });
    }
    default:
      return () => [];
  }
}

const problemsOf =
  (language: string, parse: (code: string) => unknown): SyntaxCheck =>
  (code) => {
    try {
      parse(code);
      return [];
    } catch (error) {
      return [`"code" is not valid ${language}: ${(error as Error).message.slice(0, 300)}`];
    }
  };
