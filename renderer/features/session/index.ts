export { LockScreen } from './lock-screen.tsx'
export { SignIn } from './sign-in.tsx'
export { createSessionStore, type SessionStore } from './store.ts'
export { ConfigTrouble } from './trouble.tsx'
