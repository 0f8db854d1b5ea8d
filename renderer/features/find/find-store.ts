import { createStore, type StoreApi } from 'zustand/vanilla'
import type { FindAnswer, FindHit, RecordsApi } from '#shared/contract/records.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'

export interface FindPorts {
  readonly records: Pick<RecordsApi, 'find' | 'findBeyond'>
  readonly clock: Clock
}

/** What the council has beyond this desk. */
export type Beyond =
  | { readonly name: 'not-asked' }
  | { readonly name: 'asking' }
  | { readonly name: 'answered'; readonly hits: readonly FindHit[]; readonly total: number }
  | { readonly name: 'failed'; readonly error: AppError }

export interface FindState {
  readonly shown: boolean
  readonly text: string
  /** The words that `found` answers; empty before any. */
  readonly searched: string
  readonly found: FindAnswer
  readonly beyond: Beyond
  /** Key of the hit that the arrows went to; null stays with the first. */
  readonly markedKey: string | null

  open(): void
  close(): void
  type(text: string): void
  mark(key: string): void
}

export type FindStore = StoreApi<FindState>

export const keyOf = ({ kind, caseId, residentId }: FindHit): string =>
  `${kind}:${caseId ?? residentId ?? ''}`

const nothing: FindAnswer = { hits: [], total: 0 }
/** One for all, so that a key changes nothing but the text. */
const notAsked: Beyond = { name: 'not-asked' }
const shortestSearch = 2
/** How long nothing is typed before the council is asked: this desk's own records are asked at every key. */
const beforeBeyondMs = 300

/**
 * One box over the desk's records. The worker is asked at every key; while it is at work the newest words wait, and
 * an answer to older ones is dropped. The council's answers come below and move nothing.
 */
export function createFindStore({ records, clock }: FindPorts): FindStore {
  return createStore<FindState>()((set, get) => {
    let isAsking = false
    let stopWaiting = () => {}

    async function ask(): Promise<void> {
      if (isAsking) return
      isAsking = true
      for (let wanted = get().text.trim(); wanted !== get().searched; wanted = get().text.trim()) {
        if (wanted.length < shortestSearch) {
          set({ searched: wanted, found: nothing })
          continue
        }
        const found = await records.find(wanted).catch(() => nothing)
        if (get().text.trim() === wanted) set({ searched: wanted, found })
      }
      isAsking = false
    }

    async function askBeyond(wanted: string): Promise<void> {
      set({ beyond: { name: 'asking' } })
      const answer = await records.findBeyond(wanted)
      if (get().text.trim() !== wanted || !get().shown) return
      set({
        beyond: answer.ok
          ? { name: 'answered', hits: answer.value.hits, total: answer.value.total }
          : { name: 'failed', error: answer.error },
      })
    }

    const empty = {
      text: '',
      searched: '',
      found: nothing,
      beyond: notAsked,
      markedKey: null,
    } as const

    return {
      shown: false,
      ...empty,

      open: () => set({ shown: true, ...empty }),

      close() {
        stopWaiting()
        set({ shown: false, ...empty })
      },

      type(text) {
        stopWaiting()
        set({ text, markedKey: null, beyond: notAsked })
        void ask()
        const wanted = text.trim()
        if (wanted.length >= shortestSearch)
          stopWaiting = clock.after(beforeBeyondMs, () => void askBeyond(wanted))
      },

      mark: (markedKey) => set({ markedKey }),
    }
  })
}
