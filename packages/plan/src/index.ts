export { PlanError } from './error.ts';
export { executePlan, type Handlers, type PlanEvent } from './execute-plan.ts';
export { continuing, type Plan, type Step } from './plan.ts';
export { renderPlan } from './render-plan.ts';
