import { createStore, type StoreApi } from 'zustand/vanilla'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { SignpostService } from '#shared/contract/signposts.ts'
import {
  createSignpostSearch,
  type SignpostCard,
  type SignpostSearch,
  textOfCard,
  toldNote,
} from '#shared/guidance/signposts.ts'

export interface SignpostsPorts {
  readonly records: Pick<RecordsApi, 'signposts'>
  /** Puts a line into the notes of the contact in hand; false when there is none or it could not be kept. */
  note(text: string): Promise<boolean>
  /** Asks whom the adviser wants to call, with the number filled in. */
  call(number: string): void
  copy(text: string): Promise<void>
}

export interface SignpostsState {
  readonly shown: boolean
  readonly services: readonly SignpostService[]
  /** When the directory was last confirmed, milliseconds since 1970; null when it never was. */
  readonly asAt: number | null
  readonly search: SignpostSearch
  /** What was done last, in words. */
  readonly said: string

  open(): void
  close(): void
  refresh(): Promise<void>
  /** Records that the resident was told of it. */
  tell(card: SignpostCard): Promise<void>
  call(card: SignpostCard): void
  copy(card: SignpostCard): Promise<void>
}

export type SignpostsStore = StoreApi<SignpostsState>

/** Where else a resident can get help: read from the desk's own copy, so that it is there without a network. */
export function createSignpostsStore(ports: SignpostsPorts): SignpostsStore {
  return createStore<SignpostsState>()((set, get) => ({
    shown: false,
    services: [],
    asAt: null,
    search: createSignpostSearch([]),
    said: '',

    open() {
      set({ shown: true, said: '' })
      void get().refresh()
    },

    close: () => set({ shown: false }),

    async refresh() {
      const { asAt, services } = await ports.records.signposts()
      const same = JSON.stringify(services) === JSON.stringify(get().services)
      set({ asAt, ...(same ? {} : { services, search: createSignpostSearch(services) }) })
    },

    async tell(card) {
      const kept = await ports.note(toldNote(card))
      set({
        said: kept
          ? `Noted: told the resident about ${card.name}.`
          : 'Not noted: there is no contact in hand to note it with.',
      })
    },

    call(card) {
      const number = card.phones[0]?.number
      if (number === undefined) return
      set({ shown: false })
      ports.call(number)
    },

    async copy(card) {
      await ports.copy(textOfCard(card))
      set({ said: `Copied: ${card.name}.` })
    },
  }))
}
