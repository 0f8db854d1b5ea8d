export { channelWords } from './channel-words.ts'
export { ContactsInHand } from './contacts-in-hand.tsx'
export { ScriptsDialogs } from './scripts-dialogs.tsx'
export { createScriptsStore, type ScriptsStore } from './scripts-store.ts'
export { ScriptChange, ScriptShortcuts } from './shortcuts.tsx'

import './scripts.css'
