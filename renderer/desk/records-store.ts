import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  type Candidate,
  type RecordsApi,
  type RecordsNews,
  recordsChannelName,
  type SyncReport,
} from '#shared/contract/records.ts'
import type { Alert, Me } from '#shared/contract/rest.ts'

export interface RecordsState {
  readonly report: SyncReport | null
  /** The backend's word on the adviser, queues and codes; null before the first. */
  readonly me: Me | null
  /** Counts the times records changed, so that views know to read again. */
  readonly changes: number
  /** Counts the times that something was told of a case's files. */
  readonly fileNews: number
  /** Who may be ringing, before the call is answered. */
  readonly ringingCandidates: readonly Candidate[]
  /** What was last told of an alert. */
  readonly alert: Alert | null
  /** Why the last wish to sign out was not granted. */
  readonly signOutRefused: 'on-call' | 'unsent' | null
}

export type RecordsStore = StoreApi<RecordsState>

/** What the records worker tells everyone, as the desk last heard it. */
export function createRecordsStore(worker: Pick<RecordsApi, 'me' | 'syncReport'>): RecordsStore {
  const store = createStore<RecordsState>()(() => ({
    report: null,
    me: null,
    changes: 0,
    fileNews: 0,
    ringingCandidates: [],
    alert: null,
    signOutRefused: null,
  }))

  const channel = new BroadcastChannel(recordsChannelName)
  channel.onmessage = (event: MessageEvent<RecordsNews>) => {
    const news = event.data
    if (news.type === 'sync') {
      const opened =
        news.report.state.name !== 'closed' && (store.getState().report?.state.name ?? 'closed') === 'closed'
      store.setState({ report: news.report })
      if (opened) void askMe(worker, store)
    } else if (news.type === 'changed') store.setState((state) => ({ changes: state.changes + 1 }))
    else if (news.type === 'attachments') store.setState((state) => ({ fileNews: state.fileNews + 1 }))
    else if (news.type === 'alert') store.setState({ alert: news.alert })
    else if (news.type === 'me') store.setState({ me: news.me })
    else if (news.type === 'closed') store.setState({ report: null, me: null })
  }

  // A desk that was reloaded finds the worker open and asks instead of waiting for news.
  void worker.syncReport().then((report) => {
    store.setState({ report })
    if (report.state.name !== 'closed') void askMe(worker, store)
  })
  return store
}

async function askMe(worker: Pick<RecordsApi, 'me'>, store: RecordsStore): Promise<void> {
  const result = await worker.me()
  if (result.ok) store.setState({ me: result.value.me })
}
