export { SyncStatus } from './sync-status.tsx'
export { UnsentDialog } from './unsent-dialog.tsx'
export { createUnsentStore, type UnsentStore } from './unsent-store.ts'

import './sync.css'
