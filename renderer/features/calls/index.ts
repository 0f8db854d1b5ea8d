export { callKey } from './keys.ts'
export { callerWords, LineBar } from './line-bar.tsx'
export { PhoneNotices } from './phone-notices.tsx'
export { StateMenu } from './state-menu.tsx'
export { type CallsStore, callIsOver, createCallsStore, isUp, lineInHand } from './store.ts'

import './calls.css'
