import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  factLine,
  factsIn,
  type RiskContact,
  type RiskFact,
  raiseAlert,
  riskContactOperations,
  riskFacts,
  riskLine,
} from '#shared/cases/risk.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { Alert, Operation } from '#shared/contract/rest.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { KnownPerson } from './words.ts'

export type RiskRecord = NonNullable<Draft['risk']>

export interface RiskPorts {
  readonly records: Pick<RecordsApi, 'save' | 'contactTimeline' | 'alert' | 'syncNow'>
  readonly random: Random
  now(): number
  /** Of the contact in hand; null between contacts. */
  contactInHand(): string | null
  /** An open contact; null when it was finished. */
  contact(contactId: string): Promise<RiskContact | null>
  /** What the desk has of the person of this contact. */
  known(contactId: string): KnownPerson
  /** Begins a contact for a record that is written between contacts, and answers its id. */
  beginContact(): Promise<string>
  /** Keeps with the contact what changed of its draft. */
  keep(
    contactId: string,
    fields: { risk?: RiskRecord; typed?: Readonly<Record<string, string>> },
  ): Promise<void>
}

/** A line of the log. Once written it stays as it is. */
export interface LoggedLine {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
  readonly kept: 'saving' | 'saved' | 'failed'
}

export type RiskWords = RiskFact | 'line'

/** One contact's record, as far as it has come. */
interface OneRecord {
  readonly contactId: string | null
  readonly record: RiskRecord | null
  readonly log: readonly LoggedLine[]
  readonly alert: Alert | null
  readonly saveError: AppError | null
  /** What was typed; nothing for a box that was not touched. */
  readonly typed: Readonly<Partial<Record<RiskWords, string>>>
}

export interface RiskState extends OneRecord {
  /** `care`: what may help the adviser once it is over. */
  readonly shown: 'nothing' | 'pane' | 'care'

  /** Opens the pane, or goes back to the desk; what was written stays with the contact. */
  toggle(): void
  hide(): void
  type(name: RiskWords, text: string): void
  /** Writes a line with this second's time; false when it could not be kept. */
  write(text: string): Promise<boolean>
  /** Tells the supervisors. A second time does nothing. */
  tell(): Promise<void>
  /** Closes the record and asks how the adviser is. */
  end(): Promise<void>
  /** Reads again what the service knows of the alert, and what is in the log. */
  refresh(): Promise<void>
  heard(alert: Alert): void
}

export type RiskStore = StoreApi<RiskState>

const noRecord: OneRecord = {
  contactId: null,
  record: null,
  log: [],
  alert: null,
  saveError: null,
  typed: {},
}

/** The record of a risk to life: each line goes into the records as it is written. */
export function createRiskStore(ports: RiskPorts): RiskStore {
  const { records, random } = ports
  const iso = (at: number) => new Date(at).toISOString()
  let writing: Promise<unknown> = Promise.resolve()
  /** One after the other, so that the log is in the order in which it was written. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const done = writing.then(run)
    writing = done.catch(() => {})
    return done
  }

  return createStore<RiskState>()((set, get) => {
    /** The contact that the record belongs to, begun when there is none. */
    const ownContact = async (): Promise<RiskContact | null> => {
      const contactId = get().contactId ?? ports.contactInHand() ?? (await ports.beginContact())
      if (get().contactId === null) {
        set({ contactId })
        await ports.keep(contactId, { typed: draftWords(get().typed) })
      }
      return ports.contact(contactId)
    }

    const writeLines = async (
      linesOf: (contactId: string) => readonly string[],
      at: number,
      also: (contactId: string) => readonly Operation[],
    ) => {
      const contact = await ownContact()
      if (contact === null) return false
      const { contactId } = contact.draft
      // A millisecond apart: whoever reads the log again sorts it by time.
      const operations = linesOf(contactId).map((text, index) =>
        riskLine(contact, text, iso(at + index), random),
      )
      const written = new Set(operations.map(({ entryId }) => entryId))
      const keep = (kept: LoggedLine['kept']) =>
        get().log.map((line) => (written.has(line.id) ? { ...line, kept } : line))
      const lines = operations.map(
        ({ entryId, entry }): LoggedLine => ({
          id: entryId,
          at: Date.parse(entry.at),
          text: entry.text,
          kept: 'saving',
        }),
      )
      set({ log: [...get().log, ...lines] })
      const begins = contact.draft.risk === null
      const saved = await records.save([
        ...(begins ? riskContactOperations(contact, iso(at), random) : []),
        ...operations,
        ...also(contactId),
      ])
      if (begins && saved.ok) await note({ begunAt: at })
      set({ saveError: saved.ok ? null : saved.error, log: keep(saved.ok ? 'saved' : 'failed') })
      return saved.ok
    }

    const writeLine = (text: string, at: number) =>
      writeLines(
        () => [text],
        at,
        () => [],
      )

    /** What is on the desk of the person and not in the log yet: supervisors read the log, and see no pane. */
    const unwrittenFacts = (contactId: string): readonly string[] => {
      const { log, typed } = get()
      const known = { ...ports.known(contactId), said: '' }
      return riskFacts.flatMap((fact) => {
        const asked = typed[fact]?.trim()
        const text = asked ?? known[fact]
        if (text === '') return []
        if (asked !== undefined)
          return log.some((line) => line.text === factLine(fact, asked)) ? [] : factLine(fact, asked)
        return factsIn(log)[fact] === null ? factLine(fact, `${text} (not confirmed)`) : []
      })
    }

    const note = async (fields: Partial<RiskRecord>) => {
      const { contactId, record } = get()
      if (contactId === null) return
      const changed = { begunAt: ports.now(), toldAt: null, endedAt: null, ...record, ...fields }
      set({ record: changed })
      await ports.keep(contactId, { risk: changed })
    }

    /** The record that is under way, otherwise that of the contact in hand. */
    const open = async () => {
      set({ shown: 'pane' })
      const own = get().contactId
      const running = own === null || get().record?.endedAt != null ? null : await ports.contact(own)
      if (running !== null && running.draft.risk !== null) return get().refresh()
      const contactId = ports.contactInHand()
      if (contactId !== own) set(contactId === null ? noRecord : { ...noRecord, contactId })
      await get().refresh()
    }

    return {
      ...noRecord,
      shown: 'nothing',

      toggle() {
        if (get().shown === 'pane') get().hide()
        else void open()
      },

      hide: () => set({ shown: 'nothing' }),

      type(name, text) {
        const typed = { ...get().typed, [name]: text }
        set({ typed })
        const { contactId } = get()
        if (contactId !== null) void ports.keep(contactId, { typed: draftWords({ [name]: text }) })
      },

      write(text) {
        const words = text.trim()
        const at = ports.now()
        return words === '' ? Promise.resolve(false) : inTurn(() => writeLine(words, at))
      },

      tell: () =>
        inTurn(async () => {
          if (get().record?.toldAt != null) return
          const at = ports.now()
          const told = await writeLines(
            (contactId) => [...unwrittenFacts(contactId), 'Supervisors are told by this desk'],
            at,
            (contactId) => [raiseAlert(contactId, iso(at), random)],
          )
          if (!told) return
          await note({ toldAt: at })
          await records.syncNow()
          await get().refresh()
        }),

      end: () =>
        inTurn(async () => {
          if (get().record === null || get().record?.endedAt != null) {
            set({ shown: 'nothing' })
            return
          }
          const at = ports.now()
          if (await writeLine('Record closed by the adviser', at)) {
            await note({ endedAt: at })
            set({ shown: 'care' })
          }
        }),

      async refresh() {
        const { contactId } = get()
        if (contactId === null) return
        const [contact, entries] = await Promise.all([
          ports.contact(contactId),
          records.contactTimeline(contactId),
        ])
        if (get().contactId !== contactId) return
        const record = contact?.draft.risk ?? get().record
        set({
          record,
          log: withRead(get().log, entries),
          typed: { ...paneWords(contact?.draft.typed ?? {}), ...get().typed },
        })
        if (record?.toldAt == null || get().alert?.acknowledgedAt != null) return
        const alert = await records.alert(contactId)
        if (alert.ok && get().contactId === contactId) set({ alert: alert.value })
      },

      heard(alert) {
        if (alert.id === get().contactId) set({ alert })
      },
    }
  })
}

const prefix = 'risk.'

/** Half-typed words under the names by which a draft keeps them, and back. */
const draftWords = (typed: OneRecord['typed']): Record<string, string> =>
  Object.fromEntries(Object.entries(typed).map(([name, text]) => [`${prefix}${name}`, text]))

const paneWords = (typed: Readonly<Record<string, string>>): OneRecord['typed'] =>
  Object.fromEntries(
    Object.entries(typed)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, text]) => [name.slice(prefix.length), text]),
  )

/** What the records hold, and what is being written or could not be. */
function withRead(
  log: readonly LoggedLine[],
  entries: Awaited<ReturnType<RecordsApi['contactTimeline']>>,
): readonly LoggedLine[] {
  const read = entries
    .filter(({ kind }) => kind === 'risk')
    .map(({ id, at, text }): LoggedLine => ({ id, at: Date.parse(at), text, kept: 'saved' }))
  const known = new Set(read.map(({ id }) => id))
  return [...read, ...log.filter(({ id }) => !known.has(id))].toSorted((a, b) => a.at - b.at)
}
