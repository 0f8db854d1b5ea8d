export { CallerPane } from './caller-pane.tsx'
export { CasePane } from './case-pane.tsx'
export type { ContactStore } from './contact-state.ts'
export { createContactStore } from './contact-store.ts'
export { FindDialog } from './find-dialog.tsx'
export { SyncStatus } from './sync-status.tsx'
export { UnfinishedList } from './unfinished-list.tsx'

import './cases.css'
