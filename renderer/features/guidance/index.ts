export { GuidancePanel } from './guidance-panel.tsx'
