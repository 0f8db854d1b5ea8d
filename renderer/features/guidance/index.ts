export { GuidancePanel } from './guidance-panel.tsx'
export type { PaymentState, StepSupport } from './step-support.ts'
