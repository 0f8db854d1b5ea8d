export { type AlertsStore, createAlertsStore, isWaiting } from './alerts-store.ts'
export { CareDialog } from './care-dialog.tsx'
export { RiskPane } from './risk-pane.tsx'
export { createRiskStore, type RiskPorts, type RiskStore } from './risk-store.ts'
export { SupervisorAlerts } from './supervisor-alerts.tsx'
export { changeWords, type KnownPerson, type PaneCalls, type PaneLine } from './words.ts'

import './risk.css'
