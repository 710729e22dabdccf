import type { Scope } from '../../expression/types.ts';
import type { PlanNode } from '../../plan/types.ts';
import type { Frame } from './state.ts';
import type { Place, Step } from './step.ts';

/** What a node's start is given. */
export interface Start {
  readonly place: Place;
  readonly frame: Frame;
  readonly step: Step;
  readonly plan: PlanNode;
  readonly scope: Scope;
}
