export { SignpostsDialog } from './signposts-dialog.tsx'
export { createSignpostsStore, type SignpostsPorts, type SignpostsStore } from './signposts-store.ts'

import './signposts.css'
