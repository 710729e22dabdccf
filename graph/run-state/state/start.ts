import type { Scope } from '../../expression/types.ts';
import type { PlanNode } from '../../plan/types.ts';
import type { Frame } from './state.ts';
import type { Place, Step } from './step.ts';

/** The input of the function that starts a node. */
export interface Start {
  readonly place: Place;
  readonly frame: Frame;
  readonly step: Step;
  readonly plan: PlanNode;
  readonly scope: Scope;
}
