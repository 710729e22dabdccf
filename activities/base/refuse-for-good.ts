import { NodeError } from '../../integrations/error.ts';
import { toFailure } from '../failure.ts';

/** Internal work whose named errors are final: it would be tried again for days otherwise. */
export const refusedForGood =
  <Input, Output>(work: (input: Input) => Promise<Output>) =>
  async (input: Input): Promise<Output> => {
    const startedAt = new Date().toISOString();
    try {
      return await work(input);
    } catch (thrown) {
      if (!(thrown instanceof NodeError) || thrown.retryable) throw thrown;
      throw toFailure(thrown, { giveUpOn: [] }, { attempt: 1, startedAt, endedAt: new Date().toISOString() });
    }
  };
