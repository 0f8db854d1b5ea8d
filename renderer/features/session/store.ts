import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppInfo, PracticeStatus, Session } from '#shared/contract/ipc.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Result } from '#shared/kernel/result.ts'

/** What this feature needs of the main process. */
export interface SessionGateway {
  info(): Promise<Result<AppInfo>>
  current(): Promise<Result<Session>>
  signIn(username: string, password: string): Promise<Result<Session>>
  signOut(): Promise<Result<Session>>
  lock(): Promise<Result<Session>>
  unlock(password: string): Promise<Result<Session>>
  onSession(listener: (session: Session) => void): () => void
  practice(): Promise<Result<PracticeStatus>>
  onPractice(listener: (status: PracticeStatus) => void): () => void
}

export interface SessionState {
  readonly info: AppInfo | null
  readonly session: Session | null
  readonly practice: PracticeStatus | null
  readonly busy: boolean
  readonly error: AppError | null
  signIn(username: string, password: string): Promise<void>
  signOut(): Promise<void>
  lock(): Promise<void>
  unlock(password: string): Promise<void>
}

export type SessionStore = StoreApi<SessionState>

/** Who is signed in, as the main process says; started once by the desk's composition root. */
export function createSessionStore(gateway: SessionGateway): SessionStore {
  const store = createStore<SessionState>()((set) => ({
    info: null,
    session: null,
    practice: null,
    busy: false,
    error: null,
    async signIn(username, password) {
      set({ busy: true, error: null })
      const result = await gateway.signIn(username.trim(), password)
      set(result.ok ? { busy: false, session: result.value } : { busy: false, error: result.error })
    },
    async lock() {
      const result = await gateway.lock()
      set(result.ok ? { session: result.value, error: null } : { error: result.error })
    },
    async unlock(password) {
      set({ busy: true, error: null })
      const result = await gateway.unlock(password)
      set(result.ok ? { busy: false, session: result.value } : { busy: false, error: result.error })
    },
    async signOut() {
      const result = await gateway.signOut()
      set(result.ok ? { session: result.value, error: null } : { error: result.error })
    },
  }))

  gateway.onSession((session) => store.setState({ session }))
  gateway.onPractice((practice) => store.setState({ practice }))
  void load(gateway, store)
  return store
}

async function load(gateway: SessionGateway, store: SessionStore): Promise<void> {
  const [info, session, practice] = await Promise.all([gateway.info(), gateway.current(), gateway.practice()])
  store.setState({
    ...(info.ok ? { info: info.value } : { error: info.error }),
    ...(session.ok ? { session: session.value } : {}),
    ...(practice.ok ? { practice: practice.value } : {}),
  })
}
