import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Draft } from '#shared/contract/draft.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { ScriptEntry } from '#shared/contract/rest.ts'
import { mostUsedScripts } from '#shared/guidance/most-used.ts'
import { createScriptSearch, type ScriptSearch } from '#shared/guidance/script-search.ts'

export type Channel = Draft['channel']

export interface ScriptsPorts {
  readonly records: Pick<RecordsApi, 'scripts' | 'scriptUse'>
  /** Scripts of the adviser's queues. */
  queueScripts(): readonly string[]
  hasContact(): boolean
  choose(scriptId: string, whichCase?: 'same' | 'new'): Promise<'chosen' | 'which-case' | 'failed'>
  begin(channel: Channel, scriptId: string): Promise<unknown>
}

export interface ScriptsState {
  readonly scripts: readonly ScriptEntry[]
  readonly search: ScriptSearch
  /** The six most used of today. */
  readonly mostUsed: readonly ScriptEntry[]
  /** `new`: a contact without a call, perhaps with the script chosen already. */
  readonly shown:
    | { readonly name: 'nothing' }
    | { readonly name: 'find' }
    | { readonly name: 'new'; readonly scriptId: string | null }
    | { readonly name: 'which-case'; readonly scriptId: string }
    | { readonly name: 'failed' }

  find(): void
  beginNew(): void
  close(): void
  /** Goes on with it in the contact in hand; between contacts asks how the resident came. */
  choose(scriptId: string, whichCase?: 'same' | 'new'): Promise<void>
  begin(channel: Channel, scriptId: string): Promise<void>
  refresh(): Promise<void>
}

export type ScriptsStore = StoreApi<ScriptsState>

const shortcuts = 6

/** Finding and choosing scripts, and contacts that come without a call. */
export function createScriptsStore(ports: ScriptsPorts): ScriptsStore {
  return createStore<ScriptsState>()((set, get) => ({
    scripts: [],
    search: createScriptSearch([]),
    mostUsed: [],
    shown: { name: 'nothing' },

    find() {
      set({ shown: { name: 'find' } })
      void get().refresh()
    },

    beginNew() {
      set({ shown: { name: 'new', scriptId: null } })
      void get().refresh()
    },

    close: () => set({ shown: { name: 'nothing' } }),

    async choose(scriptId, whichCase) {
      if (!ports.hasContact()) {
        set({ shown: { name: 'new', scriptId } })
        return
      }
      set({ shown: { name: 'nothing' } })
      const chosen = await ports.choose(scriptId, whichCase)
      if (chosen === 'which-case') set({ shown: { name: 'which-case', scriptId } })
      else if (chosen === 'failed') set({ shown: { name: 'failed' } })
    },

    async begin(channel, scriptId) {
      set({ shown: { name: 'nothing' } })
      await ports.begin(channel, scriptId)
    },

    async refresh() {
      const [scripts, use] = await Promise.all([ports.records.scripts(), ports.records.scriptUse()])
      const mostUsed = mostUsedScripts(scripts, use.counts, ports.queueScripts(), shortcuts)
      const same = JSON.stringify(scripts) === JSON.stringify(get().scripts)
      set({ mostUsed, ...(same ? {} : { scripts, search: createScriptSearch(scripts) }) })
    },
  }))
}
