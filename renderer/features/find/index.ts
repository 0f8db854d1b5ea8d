export { FindDialog } from './find-dialog.tsx'
export { createFindStore, type FindStore } from './find-store.ts'

import './find.css'
