export { NetworkSwitch, type PracticeGateway, PracticeMenu, PracticePanel } from './practice-panel.tsx'
