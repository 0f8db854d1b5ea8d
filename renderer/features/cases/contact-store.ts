import { createStore, type StoreApi } from 'zustand/vanilla'
import { type GuidedWork, noteOperation, planSave, workFingerprint } from '#shared/cases/contact-work.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Candidate, CaseWithTimeline, RecordsApi, ResidentView } from '#shared/contract/records.ts'
import type { Me, Operation, TimelineEntry } from '#shared/contract/rest.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { answerStep, goBack, loadScript, reopenStep, startRun, viewRun } from '#shared/guidance/run.ts'
import type { RunView, StepInput } from '#shared/guidance/view.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Random } from '#shared/kernel/random.ts'
import { context, guidedWork } from './guided-contact.ts'
import { draftOfCall, lineToWorkOn } from './line-in-work.ts'

/** The records worker as this feature needs it. */
export type Records = Pick<
  RecordsApi,
  | 'candidatesForNumber'
  | 'findResidents'
  | 'residentView'
  | 'caseView'
  | 'contactTimeline'
  | 'script'
  | 'save'
  | 'putDraft'
  | 'draft'
  | 'drafts'
  | 'deleteDraft'
>

export interface ContactPorts {
  readonly records: Records
  readonly random: Random
  now(): number
  /** The backend's word on the adviser, queues and council; null before the first. */
  me(): Me | null
}

export type SaveState =
  | { readonly name: 'idle' }
  | { readonly name: 'saving' }
  | { readonly name: 'failed'; readonly error: AppError }

export interface ContactState {
  /** The contact in hand; null between contacts. */
  readonly draft: Draft | null
  /** Caller's number in E.164 as the switchboard gave it. */
  readonly number: string | null
  readonly withheld: boolean
  readonly candidates: readonly Candidate[]
  readonly resident: ResidentView | null
  readonly script: ScriptDocument | null
  readonly scriptError: AppError | null
  readonly view: RunView | null
  readonly stepError: AppError | null
  readonly knownCase: CaseWithTimeline | null
  /** What was written during this contact. */
  readonly timeline: readonly TimelineEntry[]
  readonly saveState: SaveState
  /** The work differs from what was last saved. */
  readonly unsaved: boolean
  /** Contacts left unfinished earlier, newest first. */
  readonly unfinished: readonly Draft[]

  followLines(lines: readonly Line[]): void
  resume(contactId: string): Promise<void>
  setAside(): void
  chooseResident(residentId: string | null): Promise<void>
  type(name: string, text: string): void
  answer(stepId: string, input: StepInput): void
  back(): void
  reopen(stepId: string): void
  setDisposition(code: string): void
  /** The language the call is held in, whatever the record says. */
  setLanguage(language: 'en' | 'cy'): void
  save(): Promise<boolean>
  addNote(): Promise<boolean>
  /** Saves all and closes the contact; false when something is missing or could not be saved. */
  finish(): Promise<boolean>
  /** After the council's records, or its word on the adviser, changed. */
  refresh(): Promise<void>
}

export type ContactStore = StoreApi<ContactState>

const nothingInHand = {
  draft: null,
  number: null,
  withheld: false,
  candidates: [],
  resident: null,
  script: null,
  scriptError: null,
  view: null,
  stepError: null,
  knownCase: null,
  timeline: [],
  saveState: { name: 'idle' },
  unsaved: false,
} as const satisfies Partial<ContactState>

/** The work on one contact: its draft, the resident, the script's run and what is saved of it. */
export function createContactStore(ports: ContactPorts): ContactStore {
  const { records, random } = ports
  const iso = () => new Date(ports.now()).toISOString()
  /** Which contact is being opened, so that a slower answer for an earlier one is ignored. */
  let opening: string | null = null
  /** Saves follow one another: a note, the work and the end may be asked for faster than the disk answers. */
  let saving: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = saving.then(run)
    saving = result.catch(() => {})
    return result
  }
  /** Contacts finished or set aside here: their ended lines do not bring them back. */
  const closed = new Set<string>()

  const store = createStore<ContactState>()((set, get) => {
    /** Changes the draft, keeps it and shows what follows from it. */
    const change = (fields: Partial<Draft>) => {
      const before = get().draft
      if (before === null) return
      const changed = { ...before, ...fields, updatedAt: ports.now() }
      const { script, resident, number } = get()
      const view =
        script === null || changed.run === null
          ? null
          : viewRun(script, changed.run, context(ports, changed, resident, number))
      const outcome = view?.outcome ?? null
      const draft: Draft = {
        ...changed,
        identity: view === null ? changed.identity : view.identity,
        disposition: changed.disposition ?? outcome?.disposition ?? null,
      }
      const fingerprint = workFingerprint(draft, guidedWork(script, view))
      set({ draft, view, unsaved: draft.saved?.fingerprint !== fingerprint })
      // Handed over on every keystroke and not awaited: the worker keeps the order and writes the newest.
      void records.putDraft(draft)
    }

    const open = async (draft: Draft, number: string | null, withheld: boolean) => {
      opening = draft.contactId
      set({ ...nothingInHand, draft, number, withheld })
      const [candidates, resident, timeline, knownCase] = await Promise.all([
        number === null ? [] : records.candidatesForNumber(number),
        draft.residentId === null ? null : records.residentView(draft.residentId),
        records.contactTimeline(draft.contactId),
        draft.caseId === null ? null : records.caseView(draft.caseId),
      ])
      if (opening !== draft.contactId) return
      set({ candidates, resident, timeline, knownCase })
      await openScript(draft)
    }

    const openScript = async (draft: Draft) => {
      const me = ports.me()
      const scriptId = draft.run?.scriptId ?? me?.queues.find((queue) => queue.id === draft.queueId)?.scriptId
      if (scriptId === undefined) {
        set({ scriptError: appError('guidance/no-script', 'never') })
        change({})
        return
      }
      const fetched = await records.script(scriptId, draft.run?.scriptVersion)
      if (opening !== draft.contactId) return
      const loaded = fetched.ok ? loadScript(fetched.value.document) : fetched
      if (!loaded.ok) {
        set({ scriptError: loaded.error })
        change({})
        return
      }
      set({ script: loaded.value, scriptError: null })
      change({ run: get().draft?.run ?? startRun(loaded.value, iso()) })
    }

    const saveOperations = async (operations: readonly Operation[]): Promise<number | null> => {
      set({ saveState: { name: 'saving' } })
      const result = await records.save(operations)
      set({ saveState: result.ok ? { name: 'idle' } : { name: 'failed', error: result.error } })
      return result.ok ? result.value.savedAt : null
    }

    const readBack = async () => {
      const { draft } = get()
      if (draft === null) return
      const [timeline, knownCase, resident] = await Promise.all([
        records.contactTimeline(draft.contactId),
        draft.caseId === null ? null : records.caseView(draft.caseId),
        draft.residentId === null ? null : records.residentView(draft.residentId),
      ])
      if (get().draft?.contactId !== draft.contactId) return
      set({
        timeline,
        knownCase,
        resident: get().draft?.residentId === draft.residentId ? resident : get().resident,
      })
    }

    /** Operations that bring the records up to the work, and the draft as it will be when they are saved. */
    const prepare = () => {
      const { draft, script, view, knownCase } = get()
      if (draft === null) return null
      const guided = guidedWork(script, view)
      const plan = planSave({ draft, guided, existing: knownCase?.record ?? null, at: iso() }, random)
      return { draft: { ...draft, caseId: plan.caseId }, operations: plan.operations, guided }
    }

    const markSaved = (draft: Draft, guided: GuidedWork | null, savedAt: number) => {
      const fingerprint = workFingerprint(draft, guided)
      change({ caseId: draft.caseId, saved: { at: savedAt, fingerprint } })
    }

    return {
      ...nothingInHand,
      unfinished: [],

      followLines(lines) {
        const { draft } = get()
        const line = lineToWorkOn(lines, draft, closed)
        if (line !== undefined && line.contactId !== draft?.contactId && line.contactId !== opening) {
          opening = line.contactId
          void records.draft(line.contactId).then((kept) => {
            if (opening !== line.contactId) return
            const draft = kept ?? draftOfCall(line, ports.me()?.queues ?? [])
            // A promised call's draft was made before the call had an id.
            const called = draft.callId === null ? { ...draft, callId: line.callId } : draft
            void open(called, line.remote.number ?? null, line.remote.withheld)
          })
          return
        }
        const own = lines.find((each) => each.contactId === draft?.contactId)
        if (draft !== null && draft.endedAt === null && own?.state.name === 'ended')
          change({ endedAt: own.state.at })
      },

      async resume(contactId) {
        const kept = await records.draft(contactId)
        if (kept !== null) await open({ ...kept, endedAt: kept.endedAt ?? ports.now() }, null, false)
      },

      setAside() {
        opening = null
        closed.add(get().draft?.contactId ?? '')
        set(nothingInHand)
        void get().refresh()
      },

      async chooseResident(residentId) {
        const contactId = get().draft?.contactId
        const resident = residentId === null ? null : await records.residentView(residentId)
        if (get().draft?.contactId !== contactId) return
        const candidates = get().candidates
        set({ resident, candidates: withChosen(candidates, resident) })
        change({ residentId, identity: null })
      },

      type: (name, text) => change({ typed: { ...get().draft?.typed, [name]: text } }),

      answer(stepId, input) {
        const { draft, script, resident, number } = get()
        if (draft === null || draft.run === null || script === null) return
        const result = answerStep(
          script,
          draft.run,
          stepId,
          input,
          iso(),
          context(ports, draft, resident, number),
        )
        if (!result.ok) {
          set({ stepError: result.error })
          return
        }
        set({ stepError: null })
        change({ run: result.value, typed: withoutStep(draft.typed, stepId) })
      },

      back() {
        const { draft, script, resident, number } = get()
        if (draft === null || draft.run === null || script === null) return
        set({ stepError: null })
        change({ run: goBack(script, draft.run, context(ports, draft, resident, number)) })
      },

      reopen(stepId) {
        const { draft, script, resident, number } = get()
        if (draft === null || draft.run === null || script === null) return
        set({ stepError: null })
        change({ run: reopenStep(script, draft.run, stepId, context(ports, draft, resident, number)) })
      },

      setDisposition: (disposition) => change({ disposition }),

      setLanguage: (language) => change({ language }),

      save: () =>
        inTurn(async () => {
          const work = prepare()
          if (work === null) return false
          const savedAt = await saveOperations(work.operations)
          if (savedAt === null) return false
          markSaved(work.draft, work.guided, savedAt)
          await readBack()
          return true
        }),

      addNote: () =>
        inTurn(async () => {
          const { draft } = get()
          const text = draft?.typed.note?.trim() ?? ''
          if (draft === null || text === '') return false
          const savedAt = await saveOperations([noteOperation(draft, 'note', text, iso(), random)])
          if (savedAt === null) return false
          if (get().draft?.typed.note?.trim() === text)
            change({ typed: without(get().draft?.typed ?? {}, 'note') })
          await readBack()
          return true
        }),

      finish: () =>
        inTurn(async () => {
          const work = prepare()
          const { view } = get()
          if (work === null) return false
          if (work.draft.disposition === null) {
            set({ saveState: { name: 'failed', error: appError('cases/disposition-missing', 'now') } })
            return false
          }
          const ended: Draft = { ...work.draft, endedAt: work.draft.endedAt ?? ports.now() }
          const note = ended.typed.note?.trim() ?? ''
          const account = view?.notes ?? ''
          const savedAt = await saveOperations([
            ...work.operations,
            ...(note === '' ? [] : [noteOperation(ended, 'note', note, iso(), random)]),
            ...(account === '' ? [] : [noteOperation(ended, 'contact', account, iso(), random)]),
          ])
          if (savedAt === null) return false
          closed.add(ended.contactId)
          await records.deleteDraft(ended.contactId)
          opening = null
          set(nothingInHand)
          await get().refresh()
          return true
        }),

      async refresh() {
        const { draft, script } = get()
        if (draft !== null && script === null && draft.run === null) await openScript(draft)
        await readBack()
        const drafts = await records.drafts()
        set({ unfinished: drafts.filter((each) => each.contactId !== get().draft?.contactId) })
      },
    }
  })
  return store
}

/** Somebody found by search joins the list, so that the choice stays visible. */
function withChosen(candidates: readonly Candidate[], view: ResidentView | null): readonly Candidate[] {
  if (view === null || candidates.some((each) => each.residentId === view.resident.id)) return candidates
  const { resident } = view
  return [
    {
      residentId: resident.id,
      name: `${resident.givenName} ${resident.familyName}`,
      address: `${resident.address.line1}, ${resident.address.town}`,
      matchedBy: 'name',
      openCases: 0,
      language: resident.language,
    },
    ...candidates,
  ]
}

const without = (typed: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(typed).filter(([key]) => key !== name))

const withoutStep = (typed: Readonly<Record<string, string>>, stepId: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typed).filter(([key]) => key !== `step.${stepId}` && !key.startsWith(`step.${stepId}.`)),
  )
