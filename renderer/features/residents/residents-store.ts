import { createStore, type StoreApi } from 'zustand/vanilla'
import { differingFields, isInForce } from '#shared/cases/resident-record.ts'
import type { Candidate, FindHit, RecordsApi, ResidentView } from '#shared/contract/records.ts'
import {
  type MergeField,
  type MergePreview,
  mergeField,
  type Operation,
  type Resident,
  type Warning,
} from '#shared/contract/rest.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'
import { type Duplicate, likelyDuplicates } from './likely-duplicates.ts'
import {
  changeOf,
  emptyForm,
  errorsOf,
  type FormErrors,
  formOf,
  keptText,
  numbersOf,
  type ResidentForm,
  recordOf,
  withKept,
} from './resident-form.ts'

export interface ResidentsPorts {
  readonly records: Pick<
    RecordsApi,
    | 'candidatesForNumber'
    | 'duplicates'
    | 'find'
    | 'findBeyond'
    | 'mergePreview'
    | 'residentView'
    | 'save'
    | 'viewed'
  >
  readonly random: Random
  readonly clock: Clock
  /** Goes on with this resident in the contact in hand. */
  choose(residentId: string): void
  /** Half-typed words, kept with the contact in hand; empty where there are none. */
  readonly typed: { read(name: string): string; keep(name: string, text: string): void }
}

export interface SharedNumber {
  readonly number: string
  readonly others: readonly Candidate[]
}

export type ResidentsShown =
  | { readonly name: 'nothing' }
  /** `before` is the record that is changed; null makes a new one. */
  | { readonly name: 'form'; readonly before: ResidentView | null }
  | {
      readonly name: 'merge'
      readonly kept: ResidentView
      readonly gone: ResidentView | null
      readonly take: readonly MergeField[]
      /** The council's count of what moves; null when it cannot be asked. */
      readonly moves: MergePreview['moves'] | null
    }
  | { readonly name: 'warnings'; readonly residentId: string }

export interface ResidentsState {
  readonly shown: ResidentsShown
  readonly form: ResidentForm
  /** Told once saving was tried. */
  readonly errors: FormErrors
  readonly duplicates: readonly Duplicate[]
  readonly sharedNumbers: readonly SharedNumber[]
  /** What was typed to find the other record of a merge, and the residents found for it, the council's after this desk's. */
  readonly otherText: string
  readonly others: readonly FindHit[]
  readonly busy: boolean
  readonly error: AppError | null
  /** Warnings in force of everybody who is shown somewhere, by resident. */
  readonly warnings: ReadonlyMap<string, readonly Warning[]>

  openNew(typed?: string): void
  openChange(view: ResidentView): void
  openMerge(view: ResidentView): void
  openWarnings(residentId: string): void
  close(): void
  fill(fields: Partial<ResidentForm>): void
  save(): Promise<boolean>
  /** Instead of making a new record. */
  takeInstead(residentId: string): void
  findOther(text: string): void
  chooseGone(residentId: string | null): Promise<void>
  setTake(field: MergeField, taken: boolean): void
  merge(): Promise<boolean>
  unmerge(residentId: string, mergeId: string): Promise<boolean>
  saveWarning(residentId: string, warning: SavedWarning): Promise<boolean>
  removeWarning(residentId: string, warningId: string, reason: string): Promise<boolean>
  /** A warning is before the adviser's eyes. */
  warningShown(warningId: string): void
  /** Keeps the warnings of these residents at hand. */
  watch(residentIds: readonly string[]): Promise<void>
}

const keptName = ({ before }: Extract<ResidentsShown, { readonly name: 'form' }>): string =>
  `resident.${before?.resident.id ?? 'new'}`

export type SavedWarning = Omit<Warning, 'addedAt' | 'addedBy' | 'id'> & { readonly id: string | null }
export type ResidentsStore = StoreApi<ResidentsState>

const shortestSearch = 2
const mostOthers = 8
/** How long nothing is typed before the records are compared or searched. */
const beforeComparingMs = 250

/** Making, changing and merging residents, and the warnings about them. */
export function createResidentsStore(ports: ResidentsPorts): ResidentsStore {
  const { records, random, clock } = ports
  return createStore<ResidentsState>()((set, get) => {
    const today = () => new Date(clock.now()).toISOString().slice(0, 10)
    const base = () => ({ id: random.uuid(), at: new Date(clock.now()).toISOString() })
    let stopWaiting = () => {}
    let openedForm = emptyForm
    let comparing = 0

    /** As it was left, when the desk went away in the middle of it. */
    function openForm(before: ResidentView | null, form: ResidentForm): void {
      openedForm = form
      const shown = { name: 'form', before } as const
      set({ shown, form: withKept(form, ports.typed.read(keptName(shown))), ...clean })
      void compare()
    }

    function keepForm(form: ResidentForm): void {
      const { shown } = get()
      if (shown.name === 'form') ports.typed.keep(keptName(shown), keptText(openedForm, form))
    }

    async function compare(): Promise<void> {
      const turn = ++comparing
      const { form, shown } = get()
      const own = shown.name === 'form' ? shown.before?.resident.id : undefined
      const others = (found: readonly Candidate[]) => found.filter(({ residentId }) => residentId !== own)
      const numbers = numbersOf(form)
      const [duplicates, sharing] = await Promise.all([
        likelyDuplicates(records, recordOf(form), own),
        Promise.all(numbers.map((number) => records.candidatesForNumber(number))),
      ])
      if (turn !== comparing) return
      set({
        duplicates,
        sharedNumbers: numbers.flatMap((number, index) => {
          const found = others(sharing[index] ?? [])
          return found.length === 0 ? [] : [{ number, others: found }]
        }),
      })
    }

    async function saved(operations: readonly Operation[]): Promise<boolean> {
      set({ busy: true, error: null })
      const answer = await records.save(operations)
      set({ busy: false, error: answer.ok ? null : answer.error })
      return answer.ok
    }

    /** Records beside the likely ones; an answer to words that were typed before is dropped. */
    async function searchOthers(): Promise<void> {
      const { otherText, shown } = get()
      const wanted = otherText.trim()
      const isCurrent = () => get().otherText === otherText && get().shown === shown
      if (shown.name !== 'merge' || wanted.length < shortestSearch) return
      const kept = shown.kept.resident.id
      const people = (hits: readonly FindHit[]) =>
        hits.filter(
          ({ kind, residentId }) => kind === 'resident' && residentId !== null && residentId !== kept,
        )
      const here = people((await records.find(wanted)).hits)
      if (isCurrent()) set({ others: here.slice(0, mostOthers) })
      const beyond = await records.findBeyond(wanted)
      if (!isCurrent() || !beyond.ok) return
      const known = new Set(here.map(({ residentId }) => residentId))
      const more = people(beyond.value.hits).filter(({ residentId }) => !known.has(residentId))
      set({ others: [...here, ...more].slice(0, mostOthers) })
    }

    const clean = {
      errors: {},
      duplicates: [],
      sharedNumbers: [],
      otherText: '',
      others: [],
      error: null,
    } as const

    return {
      shown: { name: 'nothing' },
      form: emptyForm,
      ...clean,
      busy: false,
      warnings: new Map(),

      openNew(typed = '') {
        const words = /\d/.test(typed) ? [] : typed.trim().split(/\s+/).filter(Boolean)
        const phones = words.length === 0 ? numbersOf({ ...emptyForm, phones: typed }).join('\n') : ''
        const [givenName = '', ...family] = words
        openForm(null, { ...emptyForm, givenName, familyName: family.join(' '), phones })
      },

      openChange: (view) => openForm(view, formOf(view.resident)),

      openMerge(view) {
        set({
          shown: { name: 'merge', kept: view, gone: null, take: [], moves: null },
          form: formOf(view.resident),
          ...clean,
        })
        void likelyDuplicates(records, view.resident, view.resident.id).then((duplicates) => {
          const { shown } = get()
          if (shown.name !== 'merge' || shown.kept !== view) return
          set({ duplicates })
        })
      },

      openWarnings(residentId) {
        set({ shown: { name: 'warnings', residentId }, ...clean })
        void get().watch([residentId])
      },

      close() {
        stopWaiting()
        keepForm(openedForm)
        set({ shown: { name: 'nothing' }, form: emptyForm, ...clean })
      },

      fill(fields) {
        const form = { ...get().form, ...fields }
        keepForm(form)
        const told = Object.keys(get().errors).length > 0
        set({ form, errors: told ? errorsOf(form, today()) : {} })
        stopWaiting()
        stopWaiting = clock.after(beforeComparingMs, () => void compare())
      },

      async save() {
        const { shown, form } = get()
        if (shown.name !== 'form') return false
        const errors = errorsOf(form, today())
        set({ errors })
        if (Object.keys(errors).length > 0) return false
        const { before } = shown
        if (before === null) {
          const residentId = random.uuid()
          const record = recordOf(form)
          if (!(await saved([{ kind: 'resident.create', ...base(), residentId, record }]))) return false
          get().close()
          ports.choose(residentId)
          return true
        }
        const change = changeOf(before.resident, form)
        const { id: residentId, version: baseVersion } = before.resident
        if (
          change !== null &&
          !(await saved([{ kind: 'resident.change', ...base(), residentId, baseVersion, change }]))
        )
          return false
        get().close()
        return true
      },

      takeInstead(residentId) {
        get().close()
        ports.choose(residentId)
      },

      findOther(otherText) {
        set({ otherText, others: otherText.trim().length < shortestSearch ? [] : get().others })
        stopWaiting()
        stopWaiting = clock.after(beforeComparingMs, () => void searchOthers())
      },

      async chooseGone(residentId) {
        const { shown } = get()
        if (shown.name !== 'merge') return
        const gone = residentId === null ? null : await records.residentView(residentId)
        // A record that was merged before answers with the one that stands for it.
        if (gone?.resident.id === shown.kept.resident.id) {
          set({ error: appError('residents/same-record', 'never') })
          return
        }
        const take = gone === null ? [] : takenAtFirst(shown.kept.resident, gone.resident)
        set({ shown: { ...shown, gone, take, moves: null }, error: null })
        if (gone === null) return
        const preview = await records.mergePreview(shown.kept.resident.id, gone.resident.id)
        const now = get().shown
        if (preview.ok && now.name === 'merge' && now.gone === gone)
          set({ shown: { ...now, moves: preview.value.moves } })
      },

      setTake(field, taken) {
        const { shown } = get()
        if (shown.name !== 'merge') return
        const others = shown.take.filter((each) => each !== field)
        set({ shown: { ...shown, take: taken ? [...others, field] : others } })
      },

      async merge() {
        const { shown } = get()
        if (shown.name !== 'merge' || shown.gone === null) return false
        const { kept, gone, take } = shown
        const done = await saved([
          {
            kind: 'resident.merge',
            ...base(),
            mergeId: random.uuid(),
            keptId: kept.resident.id,
            goneId: gone.resident.id,
            baseVersions: { kept: kept.resident.version, gone: gone.resident.version },
            take: [...take],
          },
        ])
        if (done) get().close()
        return done
      },

      unmerge: (_residentId, mergeId) => saved([{ kind: 'resident.unmerge', ...base(), mergeId }]),

      async saveWarning(residentId, { id, ...rest }) {
        const warning = { ...rest, id: id ?? random.uuid() }
        const done = await saved([{ kind: 'warning.save', ...base(), residentId, warning }])
        await get().watch([residentId])
        return done
      },

      async removeWarning(residentId, warningId, reason) {
        const done = await saved([{ kind: 'warning.remove', ...base(), residentId, warningId, reason }])
        await get().watch([residentId])
        return done
      },

      warningShown: (recordId) => void records.viewed({ kind: 'warning', recordId }),

      async watch(residentIds) {
        const found = await Promise.all(
          residentIds.map(async (id) => [id, (await records.residentView(id))?.resident.warnings] as const),
        )
        const day = today()
        const known = new Map(get().warnings)
        for (const [id, warnings = []] of found)
          known.set(
            id,
            warnings.filter((each) => isInForce(each, day)),
          )
        set({ warnings: known })
      },
    }
  })
}

/** What the record that stays has not, and lists, of which both are kept. */
const takenAtFirst = (kept: Resident, gone: Resident): readonly MergeField[] =>
  differingFields(kept, gone, mergeField.options).filter(
    (field) => kept[field] === undefined || Array.isArray(kept[field]),
  )
