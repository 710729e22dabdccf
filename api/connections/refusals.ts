import { VisitError } from '../../credentials/index.ts';
import { DataError } from '../../db/index.ts';
import { NodeError } from '../../integrations/index.ts';
import { ApiProblem, type ProblemCode } from '../http/problem.ts';

const VISITS: Readonly<Record<VisitError['reason'], ProblemCode>> = {
  unknown: 'link.notFound',
  over: 'link.over',
  refused: 'connection.refused',
};

/** Does work with a connection. What its service refuses, or what it cannot do, is a problem and not a fault of ours. */
export async function orRefusal<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VisitError) throw new ApiProblem(VISITS[error.reason], error.message);
    if (error instanceof NodeError) throw new ApiProblem('connection.refused', error.message);
    if (error instanceof DataError && error.code === 'connection.notFound')
      throw new ApiProblem('connection.notFound', error.message);
    if (error instanceof DataError && error.code === 'connection.unreadable')
      throw new ApiProblem('connection.invalid', error.message);
    throw error;
  }
}
