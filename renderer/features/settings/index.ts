export { DevicesDialog, type DevicesGateway } from './devices-dialog.tsx'
export { SettingsDialog } from './settings-dialog.tsx'
export { createSettingsStore, type SettingsStore } from './store.ts'

import './settings.css'
