import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ScriptRun } from '#shared/contract/draft.ts'
import { type PreviewNews, previewEvent, previewPath } from '#shared/contract/preview.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import {
  answerStep,
  escalate,
  goBack,
  loadScript,
  reopenStep,
  startRun,
  viewRun,
} from '#shared/guidance/run.ts'
import { testResident } from '#shared/guidance/test-calls.ts'
import { wallClock } from '#shared/guidance/time.ts'
import type { GuidanceContext, RunView, StepInput } from '#shared/guidance/view.ts'
import type { AppError } from '#shared/kernel/app-error.ts'

export interface PreviewState {
  readonly news: PreviewNews | null
  /** The newest version of the file that could be run. */
  readonly script: ScriptDocument | null
  /** The file as it is now cannot be run: `script` is an earlier version of it. */
  readonly outdated: boolean
  readonly view: RunView | null
  readonly error: AppError | null
  readonly typed: Readonly<Record<string, string>>
  readonly language: 'en' | 'cy'
  readonly context: GuidanceContext

  follow(news: PreviewNews): void
  type(name: string, text: string): void
  answer(stepId: string, input: StepInput): void
  back(): void
  reopen(stepId: string): void
  escalate(): void
  setLanguage(language: 'en' | 'cy'): void
  startAgain(): void
}

export type PreviewStore = StoreApi<PreviewState>

function contextAt(
  now: number,
  language: 'en' | 'cy',
  facts: Readonly<Record<string, string>>,
): GuidanceContext {
  const at = new Date(now).toISOString()
  return {
    language,
    today: wallClock(at)?.date ?? at.slice(0, 10),
    now: at,
    council: {
      name: 'Sample Council',
      website: 'https://council.example.org',
      facts: Object.fromEntries(Object.entries(facts).map(([name, text]) => [name, { text, asAt: at }])),
    },
    adviser: { name: 'Sam Adviser' },
    resident: testResident,
    contact: { queueName: 'Preview' },
  }
}

/** A run of the file that stays where it is when the file is saved: answers that still fit are kept. */
export function createPreviewStore(now: () => number): PreviewStore {
  let run: ScriptRun | null = null
  return createStore<PreviewState>()((set, get) => {
    const show = (fields: Partial<PreviewState> = {}) => {
      const script = fields.script ?? get().script
      const language = fields.language ?? get().language
      const facts = (fields.news ?? get().news)?.shown?.facts
      const context =
        facts === undefined
          ? { ...get().context, language, now: new Date(now()).toISOString() }
          : contextAt(now(), language, facts)
      const view = script === null || run === null ? null : viewRun(script, run, context)
      set({ error: null, ...fields, context, view })
    }
    const at = () => new Date(now()).toISOString()

    return {
      news: null,
      script: null,
      outdated: false,
      view: null,
      error: null,
      typed: {},
      language: 'en',
      context: contextAt(now(), 'en', {}),

      follow(news) {
        const loaded = news.shown === null ? null : loadScript(news.shown.document)
        if (loaded === null || !loaded.ok) {
          show({ news, outdated: true })
          return
        }
        const script = loaded.value
        run =
          run === null
            ? startRun(script, at())
            : { ...run, scriptId: script.id, scriptVersion: script.version }
        show({ news, script, outdated: false })
      },

      type: (name, text) => set({ typed: { ...get().typed, [name]: text } }),

      answer(stepId, input) {
        const { script, context } = get()
        if (script === null || run === null) return
        const answered = answerStep(script, run, stepId, input, at(), context)
        if (!answered.ok) {
          set({ error: answered.error })
          return
        }
        run = answered.value
        show({ typed: {} })
      },

      back() {
        const { script, context } = get()
        if (script === null || run === null) return
        run = goBack(script, run, context)
        show()
      },

      reopen(stepId) {
        const { script, context } = get()
        if (script === null || run === null) return
        run = reopenStep(script, run, stepId, context)
        show()
      },

      escalate() {
        const { script, context } = get()
        if (script === null || run === null) return
        run = escalate(script, run, at(), context)
        show()
      },

      setLanguage: (language) => show({ language }),

      startAgain() {
        const { script } = get()
        if (script === null) return
        run = startRun(script, at())
        show({ typed: {} })
      },
    }
  })
}

/** The store of a page that is served by the preview command. */
export function followFile(): PreviewStore {
  const store = createPreviewStore(Date.now)
  import.meta.hot?.on(previewEvent, (news: PreviewNews) => store.getState().follow(news))
  void fetch(previewPath)
    .then((answer) => answer.json())
    .then((news: PreviewNews) => store.getState().follow(news))
  return store
}
