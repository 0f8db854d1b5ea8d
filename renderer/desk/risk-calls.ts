import { type CallsStore, isEmergency, isOfContact } from '#renderer/features/calls/index.ts'
import type { ContactStore } from '#renderer/features/cases/index.ts'
import { changeWords, type PaneCalls, type PaneLine, type RiskStore } from '#renderer/features/risk/index.ts'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { isLive } from '#shared/calls/line.ts'
import type { Line } from '#shared/contract/phone.ts'

/** The call of the contact that is at risk, otherwise whoever is being talked to, and the newest call to 999. */
export function paneCalls(lines: readonly Line[], contactId: string | null): PaneCalls {
  const ofContacts = lines.filter((line) => isOfContact(line) && line.state.name !== 'ringing')
  const own = ofContacts.filter((line) => line.contactId === contactId)
  const resident =
    own.findLast(isLive) ?? own.at(-1) ?? ofContacts.find((line) => line.state.name === 'active') ?? null
  const emergency = lines.findLast(isEmergency) ?? null
  const joined = resident !== null && resident.conferenceId !== null
  const together = joined && resident.conferenceId === emergency?.conferenceId
  return {
    resident: resident === null ? null : paneLine(resident, together),
    emergency: emergency === null ? null : paneLine(emergency, together),
  }
}

function paneLine(line: Line, joined: boolean): PaneLine {
  const { state, remote } = line
  return {
    lineId: line.id,
    who:
      remote.number === undefined ? (remote.displayName ?? 'Number withheld') : spokenNumber(remote.number),
    state: stateOf(line),
    muted: line.muted,
    joined,
    cutOff: line.signalling !== 'up' || line.sound.inbound === 'silent' || line.sound.outbound === 'silent',
    since: state.name === 'ended' ? state.at : state.since,
  }
}

function stateOf({ state }: Line): PaneLine['state'] {
  if (state.name === 'ended' || state.name === 'dialling') return state.name
  return state.name === 'held' && state.by !== 'resident' ? 'held' : 'up'
}

/**
 * What the two calls do goes into the record while one is open, with the second it happened. A desk that was loaded
 * again takes up the open record, of the contact in hand or of one that waits to be finished.
 */
export function followRisk(desk: {
  readonly calls: CallsStore
  readonly contact: ContactStore
  readonly risk: RiskStore
}): void {
  let before: PaneCalls | null = null
  desk.contact.subscribe(({ draft, unfinished }) => {
    if (desk.risk.getState().contactId !== null) return
    const drafts = draft === null ? unfinished : [draft, ...unfinished]
    const open = drafts.find(({ risk }) => risk !== null && risk.endedAt === null)
    if (open === undefined) return
    desk.risk.setState({ contactId: open.contactId, record: open.risk })
    void desk.risk.getState().refresh()
  })
  desk.calls.subscribe(({ snapshot }) => {
    const { contactId, record, write } = desk.risk.getState()
    const after = paneCalls(snapshot?.lines ?? [], contactId)
    const open = record !== null && record.endedAt === null
    if (open && before !== null) for (const words of changeWords(before, after)) void write(words)
    before = after
  })
}
