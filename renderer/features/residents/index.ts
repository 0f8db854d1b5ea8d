export { RecordActions } from './record-actions.tsx'
export { ResidentsDialogs } from './residents-dialogs.tsx'
export { createResidentsStore, type ResidentsStore } from './residents-store.ts'
export { VisitMarks, WarningMarks } from './warning-marks.tsx'

import './residents.css'
