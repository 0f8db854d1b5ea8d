import type { Draft } from '#shared/contract/draft.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { ScriptView } from '#shared/contract/records.ts'
import { loadScript, startRun } from '#shared/guidance/run.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Result } from '#shared/kernel/result.ts'
import { followHold, readLateHandOver, withHandOver } from './contact-identity.ts'
import { type ContactState, nothingInHand } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'
import { draftOfCall, lineToWorkOn } from './line-in-work.ts'

/** Which contact is in hand and with which script: it comes with a call, is taken up again, or is set aside. */
export function openingActions(
  work: ContactWork,
): Pick<ContactState, 'followLines' | 'resume' | 'setAside' | 'refresh'> {
  const { ports, get, set } = work
  const { records } = ports
  return {
    followLines(lines) {
      const { draft } = get()
      work.lines = lines
      const line = lineToWorkOn(lines, draft, work.closed)
      // The adviser has turned from this call's contact to another for a moment.
      if (line !== undefined && line.contactId === work.turnedFrom) return
      work.turnedFrom = null
      if (line !== undefined && line.contactId !== draft?.contactId && line.contactId !== work.opening) {
        work.opening = line.contactId
        void records.draft(line.contactId).then((kept) => {
          if (work.opening !== line.contactId) return
          const draft = kept ?? draftOfCall(line, ports.me()?.queues ?? [])
          if (kept === null && line.handedOverFrom !== undefined) {
            void openHandedOver(work, draft, line)
            return
          }
          // A promised call's draft was made before the call had an id.
          const called = draft.callId === null ? { ...draft, callId: line.callId } : draft
          void openContact(work, called, line.remote.number ?? null, line.remote.withheld)
        })
        return
      }
      followOwnLine(work)
    },

    async resume(contactId) {
      const kept = await records.draft(contactId)
      if (kept === null) return
      const own = work.lines.find((each) => each.contactId === contactId)
      const line = own?.state.name === 'ended' ? undefined : own
      const talking = lineToWorkOn(work.lines, null, work.closed)?.contactId ?? null
      work.turnedFrom = talking === contactId ? null : talking
      const over = kept.channel === 'telephone' && line === undefined
      const endedAt = kept.endedAt ?? (own?.state.name === 'ended' ? own.state.at : ports.now())
      const draft = over ? { ...kept, endedAt } : kept
      await openContact(work, draft, line?.remote.number ?? null, line?.remote.withheld ?? false)
    },

    setAside() {
      work.opening = null
      work.turnedFrom = null
      work.closed.add(get().draft?.contactId ?? '')
      set(nothingInHand)
      void get().refresh()
    },

    async refresh() {
      const { draft, script } = get()
      if (draft !== null && script === null && draft.run === null) await openScript(work, draft)
      await readLateHandOver(work)
      await work.readBack()
      await readWithdrawal(work)
      const drafts = await records.drafts()
      set({ unfinished: drafts.filter((each) => each.contactId !== get().draft?.contactId) })
    },
  }
}

/** What the contact in hand has to know of its call: that it is on hold, or over. */
function followOwnLine(work: ContactWork): void {
  const { draft } = work.get()
  const own = work.lines.find((each) => each.contactId === draft?.contactId)
  followHold(work, own)
  if (draft !== null && draft.endedAt === null && own?.state.name === 'ended')
    work.change({ endedAt: own.state.at })
}

/** A call that a colleague passed on begins with what the colleague saved for it. */
async function openHandedOver(work: ContactWork, draft: Draft, line: Line): Promise<void> {
  const handedOver = await withHandOver(work.ports.records, draft, line.handedOverFrom ?? '')
  if (work.opening !== line.contactId) return
  await openContact(work, handedOver, line.remote.number ?? null, line.remote.withheld)
}

/** Takes the contact in hand, with what the records hold about it and its script. */
export async function openContact(
  work: ContactWork,
  draft: Draft,
  number: string | null,
  withheld: boolean,
): Promise<void> {
  const { records } = work.ports
  work.opening = draft.contactId
  // What is in hand is never among the unfinished as well, not even until they are read again.
  const others = work.get().unfinished.filter((each) => each.contactId !== draft.contactId)
  work.set({ ...nothingInHand, draft, number, withheld, unfinished: others })
  // The call may have ended while the draft was being read, and nothing more may be heard of it.
  followOwnLine(work)
  const [drafts, candidates, resident, timeline, knownCase] = await Promise.all([
    records.drafts(),
    number === null ? [] : records.candidatesForNumber(number),
    draft.residentId === null ? null : records.residentView(draft.residentId),
    records.contactTimeline(draft.contactId),
    draft.caseId === null ? null : records.caseView(draft.caseId),
  ])
  if (work.opening !== draft.contactId) return
  const unfinished = drafts.filter((each) => each.contactId !== draft.contactId)
  work.set({ unfinished, candidates, resident, timeline, knownCase })
  await openScript(work, draft)
}

/** The script of the run that was begun, otherwise the queue's. */
async function openScript(work: ContactWork, draft: Draft): Promise<void> {
  const { ports, get, set, change } = work
  const scriptId =
    draft.run?.scriptId ?? ports.me()?.queues.find((queue) => queue.id === draft.queueId)?.scriptId
  if (scriptId === undefined) {
    set({ scriptError: appError('guidance/no-script', 'never') })
    change({})
    return
  }
  const fetched = await ports.records.script(scriptId, draft.run?.scriptVersion)
  if (work.opening !== draft.contactId) return
  const loaded = fetched.ok ? loadScript(fetched.value.document) : fetched
  // To check a whole script and to draw its first step are long enough each.
  await ports.breathe?.()
  if (work.opening !== draft.contactId) return
  if (!loaded.ok) {
    set({ scriptError: loaded.error })
    change({})
    return
  }
  set({ script: loaded.value, scriptError: null, ...standingOf(fetched) })
  change({ run: get().draft?.run ?? startRun(loaded.value, work.iso()) })
}

/** Whether the version that the contact is on has been taken back meanwhile. */
async function readWithdrawal({ ports, get, set }: ContactWork): Promise<void> {
  const { script } = get()
  if (script === null) return
  const fetched = await ports.records.script(script.id, script.version)
  if (fetched.ok && get().script === script) set(standingOf(fetched))
}

/** How the version stands at the council, as far as it is known. */
export function standingOf(fetched: Result<ScriptView>): Pick<ContactState, 'withdrawn' | 'insteadOf'> {
  return fetched.ok
    ? { withdrawn: fetched.value.withdrawn, insteadOf: fetched.value.insteadOf }
    : { withdrawn: null, insteadOf: null }
}
