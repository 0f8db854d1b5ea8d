import { createStore, type StoreApi } from 'zustand/vanilla'
import type { FindAnswer, FindHit, RecordsApi } from '#shared/contract/records.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'

export interface FindPorts {
  readonly records: Pick<RecordsApi, 'find' | 'findNext' | 'findBeyond'>
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

/** What may be typed next, likelier letters first; a digit follows a digit. */
const afterLetter = ['etaoinsrhld', 'cumfpgwybvkxjqz', '0123456789-']
const afterDigit = ['0123456789-', 'etaoinsrhld', 'cumfpgwybvkxjqz']
const nothingAhead: ReadonlyMap<string, string> = new Map()

/**
 * One box over the desk's records. The worker is asked at every key; while it is at work the newest words wait, and
 * an answer to older ones is dropped. Between keys it is asked what the next letter would find: the list is then drawn
 * in the same frame as the letter, where an answer would come a frame later. It is asked at the key all the same, and a
 * record that has changed since is put right. The council's answers come below and move nothing.
 */
export function createFindStore({ records, clock }: FindPorts): FindStore {
  return createStore<FindState>()((set, get) => {
    let isAsking = false
    /** What the worker answered last, as `searched` may be what was foreseen. */
    let answeredTo = ''
    /** Answers to what may be typed next, as JSON. */
    let ahead = nothingAhead
    let stopWaiting = () => {}

    async function ask(): Promise<void> {
      if (isAsking) return
      isAsking = true
      for (let wanted = get().text.trim(); wanted !== answeredTo; wanted = get().text.trim()) {
        const isLong = wanted.length >= shortestSearch
        const found = isLong ? await records.find(wanted).catch(() => nothing) : nothing
        answeredTo = wanted
        if (get().text.trim() === wanted && !isShown(wanted, found)) set({ searched: wanted, found })
      }
      isAsking = false
      void lookAhead(get().text)
    }

    function isShown(wanted: string, found: FindAnswer): boolean {
      const { searched, found: shown } = get()
      return searched === wanted && JSON.stringify(shown) === JSON.stringify(found)
    }

    async function lookAhead(text: string): Promise<void> {
      const begun = text.trimStart().toLowerCase()
      if (begun === '') return
      for (const letters of /\d$/.test(begun) ? afterDigit : afterLetter) {
        const answers = await records.findNext(begun, letters).catch(() => nothingAhead)
        if (get().text !== text || !get().shown) return
        ahead = new Map([...ahead, ...answers])
      }
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
        answeredTo = ''
        ahead = nothingAhead
        set({ shown: false, ...empty })
      },

      type(text) {
        stopWaiting()
        const wanted = text.trim()
        const foreseen = ahead.get(wanted.toLowerCase())
        ahead = nothingAhead
        set({
          text,
          markedKey: null,
          beyond: notAsked,
          ...(foreseen === undefined ? {} : { searched: wanted, found: JSON.parse(foreseen) as FindAnswer }),
        })
        void ask()
        if (wanted.length >= shortestSearch)
          stopWaiting = clock.after(beforeBeyondMs, () => void askBeyond(wanted))
      },

      mark: (markedKey) => set({ markedKey }),
    }
  })
}
