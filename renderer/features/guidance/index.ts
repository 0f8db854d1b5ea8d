export { GuidancePanel } from './guidance-panel.tsx'
export type { HandOverEntry, LookupItem, LookupRecords, PaymentState, StepSupport } from './step-support.ts'
