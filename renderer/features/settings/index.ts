export { SettingsDialog } from './settings-dialog.tsx'
export { createSettingsStore, type SettingsStore } from './store.ts'
