export { NetworkSwitch, type PracticeGateway, PracticePanel } from './practice-panel.tsx'
