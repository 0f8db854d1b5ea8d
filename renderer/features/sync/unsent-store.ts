import { createStore, type StoreApi } from 'zustand/vanilla'
import type { DecisionDraft, FieldChoice, RecordsApi, UnsentOperation } from '#shared/contract/records.ts'
import type { FieldValue, Me, Operation } from '#shared/contract/rest.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { Result } from '#shared/kernel/result.ts'
import { asNote, corrected, decidedChange, givenUp, withoutRecord } from './decisions.ts'
import { exportText } from './export-text.ts'
import { idsOf, type Names, titleOf } from './operation-words.ts'

export interface UnsentPorts {
  readonly records: Pick<
    RecordsApi,
    'unsent' | 'putDecision' | 'replace' | 'discard' | 'save' | 'syncNow' | 'caseView' | 'residentView'
  >
  readonly random: Random
  now(): number
  me(): Me | null
  /** Writes a file that the adviser can open; answers where it lies. */
  writeFile(text: string): Promise<Result<{ readonly folder: string; readonly file: string }>>
}

/** What was let go of, for as long as it can be brought back. */
interface Undoable {
  readonly words: string
  /** In order of saving. */
  readonly operations: readonly Operation[]
  /** Ids of what went in the place of some of them. */
  readonly insteadIds: readonly string[]
}

export interface UnsentState {
  readonly shown: boolean
  /** Null before they were first read. */
  readonly rows: readonly UnsentOperation[] | null
  readonly names: Names
  readonly chosenId: string | null
  /** Newest versions known here of the records that the rows change, by id. */
  readonly versions: ReadonlyMap<string, number>
  /** What was begun to be decided and is not sent yet, by operation. */
  readonly decisions: Readonly<Record<string, DecisionDraft>>
  readonly busy: boolean
  /** What was done last, in words. */
  readonly said: string
  readonly error: AppError | null
  readonly undoable: Undoable | null
  readonly exportedTo: string | null

  /** With the operation's id it is shown at once, otherwise what has to be decided first. */
  open(operationId?: string): void
  close(): void
  refresh(): Promise<void>
  choose(operationId: string): void
  tryNow(): Promise<void>
  setChoice(operationId: string, field: string, choice: FieldChoice): void
  edit(operationId: string, path: string, value: FieldValue): void
  /** Sends what was chosen of the fields that clash. False when it could not be saved. */
  decide(operationId: string): Promise<boolean>
  /** Sends a refused change again, with what was put right. */
  sendAgain(operationId: string): Promise<boolean>
  /** Keeps what a refused change says as a note, and lets go of it. */
  keepAsNote(operationId: string): Promise<boolean>
  discard(operationId: string): Promise<void>
  undo(): Promise<void>
  exportAll(): Promise<void>
}

export type UnsentStore = StoreApi<UnsentState>

const undecided: DecisionDraft = { choices: {}, edits: {} }

const noNames: Names = { caseName: () => null, residentName: () => null, queueName: () => null }

const needsDecision = ({ standing }: UnsentOperation): boolean =>
  standing.name === 'conflict' || standing.name === 'refused'

/** What the service has not taken, and what the adviser decides about it. */
export function createUnsentStore(ports: UnsentPorts): UnsentStore {
  const { records, random } = ports
  return createStore<UnsentState>()((set, get) => {
    const rowOf = (id: string) => get().rows?.find(({ operation }) => operation.id === id)
    const made = () => ({ at: new Date(ports.now()).toISOString(), random })
    let reading = 0

    async function inPlace(operationId: string, operations: readonly Operation[], said: string) {
      set({ busy: true, error: null, undoable: null })
      const saved = await records.replace(operationId, operations)
      set({ busy: false, ...(saved.ok ? { said } : { error: saved.error }) })
      await get().refresh()
      return saved.ok
    }

    const decisionOf = (id: string): DecisionDraft => get().decisions[id] ?? undecided

    function keepDecision(id: string, change: Partial<DecisionDraft>): void {
      const decision = { ...decisionOf(id), ...change }
      set({ decisions: { ...get().decisions, [id]: decision } })
      void records.putDecision(id, decision)
    }

    return {
      shown: false,
      rows: null,
      names: noNames,
      chosenId: null,
      versions: new Map(),
      decisions: {},
      busy: false,
      said: '',
      error: null,
      undoable: null,
      exportedTo: null,

      open(operationId) {
        set({ shown: true, said: '', error: null, exportedTo: null, chosenId: operationId ?? null })
        void get().refresh()
      },

      // The worker keeps what is not decided, also for the other window.
      close: () => set({ shown: false, undoable: null, decisions: {} }),

      async refresh() {
        if (!get().shown) return
        const turn = ++reading
        const rows = await records.unsent()
        const { names, versions } = await readNames(rows, ports)
        if (turn !== reading) return
        const { chosenId } = get()
        const decisions = Object.fromEntries(
          rows.map(({ operation: { id }, decision }) => [id, get().decisions[id] ?? decision ?? undecided]),
        )
        const stays = rows.some(({ operation }) => operation.id === chosenId)
        const first = rows.find(needsDecision) ?? rows[0]
        set({ rows, names, versions, decisions, chosenId: stays ? chosenId : (first?.operation.id ?? null) })
      },

      choose: (chosenId) => set({ chosenId, error: null }),

      async tryNow() {
        set({ busy: true, said: '', error: null })
        await records.syncNow()
        set({ busy: false, said: 'Trying now.' })
      },

      setChoice: (id, field, choice) =>
        keepDecision(id, { choices: { ...decisionOf(id).choices, [field]: choice } }),

      edit: (id, path, value) => keepDecision(id, { edits: { ...decisionOf(id).edits, [path]: value } }),

      async decide(id) {
        const row = rowOf(id)
        if (row?.standing.name !== 'conflict') return false
        const version = versionOf(row.operation, get().versions) ?? 1
        const { fields } = row.standing
        const change = decidedChange(row.operation, fields, decisionOf(id).choices, version, made())
        return inPlace(
          id,
          change === null ? [] : [change],
          change === null ? 'Theirs stands. Nothing is left to send of it.' : 'Decided. It goes out next.',
        )
      },

      async sendAgain(id) {
        const row = rowOf(id)
        if (row === undefined) return false
        const version = versionOf(row.operation, get().versions)
        const operation = corrected(row.operation, decisionOf(id).edits, version, made())
        return inPlace(id, [operation], 'It goes out again.')
      },

      async keepAsNote(id) {
        const row = rowOf(id)
        if (row === undefined) return false
        const isItsOwn = row.operation.kind === 'case.create'
        const note = asNote(row.operation, get().names, !isItsOwn, made())
        return inPlace(id, [note], 'Kept as a note. The note goes out next.')
      },

      async discard(id) {
        const { rows } = get()
        const row = rowOf(id)
        if (rows === null || row === undefined) return
        set({ busy: true, error: null })
        const { lost, freed } = givenUp(rows, id)
        const instead = freed.map(({ operation }) => withoutRecord(operation, row.operation, random))
        for (const [index, operation] of instead.entries()) {
          const saved = await records.replace(freed[index]?.operation.id ?? '', [operation])
          if (!saved.ok) {
            set({ busy: false, error: saved.error })
            await get().refresh()
            return
          }
        }
        for (const each of lost) await records.discard(each.operation.id)
        const gone = rows.filter((each) => lost.includes(each) || freed.includes(each))
        set({
          busy: false,
          said: '',
          undoable: {
            words:
              lost.length === 1
                ? `Discarded: ${titleOf(row.operation)}.`
                : `Discarded ${lost.length} changes.`,
            operations: gone.map(({ operation }) => operation),
            insteadIds: instead.map((operation) => operation.id),
          },
        })
        await get().refresh()
      },

      async undo() {
        const { undoable } = get()
        if (undoable === null) return
        set({ busy: true, undoable: null })
        const saved = await records.save(undoable.operations)
        if (saved.ok) for (const id of undoable.insteadIds) await records.discard(id)
        set({ busy: false, ...(saved.ok ? { said: 'Brought back.' } : { error: saved.error, undoable }) })
        await get().refresh()
      },

      async exportAll() {
        const { rows, names } = get()
        if (rows === null) return
        const { adviser, council } = ports.me() ?? {}
        const text = exportText(rows, names, {
          at: ports.now(),
          adviser: adviser?.name ?? 'the adviser of this desk',
          council: council?.name ?? 'the council',
        })
        set({ busy: true, error: null, exportedTo: null })
        const written = await ports.writeFile(text)
        set({
          busy: false,
          ...(written.ok
            ? { exportedTo: `${written.value.folder}/${written.value.file}` }
            : { error: written.error }),
        })
      },
    }
  })
}

const versionOf = (operation: Operation, versions: ReadonlyMap<string, number>): number | null => {
  const { caseId, residentId } = idsOf(operation)
  const own = operation.kind.startsWith('case.') ? caseId : residentId
  return own === null ? null : (versions.get(own) ?? null)
}

/** What the records that the rows name are called here, and their newest versions. */
async function readNames(
  rows: readonly UnsentOperation[],
  { records, me }: UnsentPorts,
): Promise<{ readonly names: Names; readonly versions: ReadonlyMap<string, number> }> {
  const ids = rows.map(({ operation }) => idsOf(operation))
  const idsOfKind = (key: 'caseId' | 'residentId') => [...new Set(ids.flatMap((each) => each[key] ?? []))]
  const cases = await Promise.all(idsOfKind('caseId').map((id) => records.caseView(id)))
  const owners = cases.flatMap((found) => found?.record.residentId ?? [])
  const residentIds = [...new Set([...idsOfKind('residentId'), ...owners])]
  const residents = await Promise.all(residentIds.map((id) => records.residentView(id)))
  const caseById = new Map(
    cases.flatMap((found) => (found === null ? [] : [[found.record.id, found.record]])),
  )
  const residentById = new Map(
    residents.flatMap((found) => (found === null ? [] : [[found.resident.id, found.resident]])),
  )
  const queues = me()?.queues ?? []
  return {
    names: {
      caseName: (id) => {
        const found = caseById.get(id)
        return found === undefined ? null : [found.reference, found.subject].filter(Boolean).join(' ')
      },
      residentName: (id) => {
        const found = residentById.get(id)
        return found === undefined ? null : `${found.givenName} ${found.familyName}`
      },
      queueName: (id) => queues.find((queue) => queue.id === id)?.name ?? null,
    },
    versions: new Map(
      [...caseById.values(), ...residentById.values()].map(({ id, version }) => [id, version]),
    ),
  }
}
