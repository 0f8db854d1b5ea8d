export { CareDialog } from './care-dialog.tsx'
export { RiskPane } from './risk-pane.tsx'
export { createRiskStore, type RiskPorts, type RiskStore } from './risk-store.ts'
export { changeWords, type PaneCalls, type PaneLine } from './words.ts'

import './risk.css'
