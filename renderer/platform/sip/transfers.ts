import { describeNumber, describeTarget } from '#shared/calls/dial-target.ts'
import { callsError } from '#shared/calls/errors.ts'
import { isLive, isUp } from '#shared/calls/line.ts'
import { isUnderWay } from '#shared/calls/transfer.ts'
import type { DialTarget, EndReason, Line } from '#shared/contract/phone.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { SipLine } from './line.ts'
import type { LiveLines } from './live-lines.ts'
import type { OutgoingCalls } from './outgoing-call.ts'

type Done = Promise<Result<null>>

/** Passing calls on, asking someone first, and being asked to call someone else. */
export interface Transfers {
  /** `contactId` names the hand-over that goes along. */
  transfer(line: SipLine, target: DialTarget, contactId?: string): Done
  consult(line: SipLine, target: DialTarget): Done
  /** `line` is either of the two that are to be connected. */
  complete(line: SipLine, contactId?: string): Done
  acceptReferral(line: SipLine): Done
  /** To be called after every change. */
  follow(): void
}

/** The target of an attended transfer says good-bye to us by itself; one that has not after this long is told. */
const farewellWithinMs = 2_000

export function createTransfers(lines: LiveLines, outgoing: OutgoingCalls, clock: Clock): Transfers {
  const completing = new Map<SipLine, SipLine>()
  const reported = new Map<SipLine, { report(status: number): void; last: number }>()

  const notNow = (line: SipLine) =>
    err(callsError('calls/not-possible-now', 'never', line.line().transfer?.name ?? line.line().state.name))
  const canBePassedOn = (line: SipLine) => isUp(line.line()) && !isUnderWay(line.line().transfer)

  /** A far end that refuses to be held can still be passed on; it is silenced in any case. */
  async function holdFirst(line: SipLine): Done {
    line.park(true)
    const held = await line.hold()
    return held.ok || held.error.code === 'calls/far-end-refused' ? ok(null) : held
  }

  function consultOf(line: SipLine): SipLine | undefined {
    if (line.line().purpose.name === 'consult') return line
    return lines.live().findLast(({ line: each }) => {
      const { purpose } = each()
      return purpose.name === 'consult' && purpose.forLineId === line.line().id
    })
  }

  function followCompletions(): void {
    for (const [resident, consult] of completing) {
      const { state, transfer } = resident.line()
      if (state.name === 'ended') {
        completing.delete(resident)
        if (state.reason !== 'transferred') consult.expectTransferred(false)
        else if (isLive(consult.line())) clock.after(farewellWithinMs, () => consult.endTransferred())
      } else if (!isUnderWay(transfer)) {
        completing.delete(resident)
        consult.expectTransferred(false)
      }
    }
  }

  function followReports(): void {
    for (const [line, told] of reported) {
      const status = statusOf(line.line())
      if (status >= 200) reported.delete(line)
      if (status === told.last) continue
      told.last = status
      told.report(status)
    }
  }

  return {
    async transfer(line, target, contactId) {
      if (!canBePassedOn(line)) return notNow(line)
      const held = await holdFirst(line)
      if (!held.ok) return held
      return line.refer(describeTarget(target), { uri: outgoing.to(target).target.toString(), contactId })
    },
    async consult(line, target) {
      if (!canBePassedOn(line)) return notNow(line)
      const problem = outgoing.whyNot()
      if (problem !== null) return problem
      const held = await holdFirst(line)
      if (!held.ok) return held
      if (!isLive(line.line())) return notNow(line)
      const { id, contactId } = line.line()
      const purpose = { name: 'consult', forLineId: id } as const
      return (await outgoing.place({ ...outgoing.to(target), contactId, purpose })).begun
    },
    async complete(line, contactId) {
      const consult = consultOf(line)
      const purpose = consult?.line().purpose
      const resident = purpose?.name === 'consult' ? lines.find(purpose.forLineId) : undefined
      const names = consult?.dialog() ?? null
      if (consult === undefined || resident === undefined || names === null) return notNow(line)
      if (!isUp(consult.line()) || !canBePassedOn(resident)) return notNow(line)
      consult.expectTransferred(true)
      completing.set(resident, consult)
      return resident.refer(nameOf(consult.line()), {
        uri: names.remoteTarget,
        // As the target sees the dialog: its own tag is the one in To (RFC 3891 §3).
        replaces: { callId: names.callId, toTag: names.remoteTag, fromTag: names.localTag },
        contactId,
      })
    },
    async acceptReferral(line) {
      const problem = outgoing.whyNot()
      if (problem !== null) return problem
      const accepted = line.acceptReferral()
      if (accepted === null) return notNow(line)
      const { target, to, extraHeaders, report } = accepted
      const { contactId } = line.line()
      const remote = { displayName: to, withheld: false }
      const placed = await outgoing.place({ target, extraHeaders, remote, contactId })
      reported.set(placed.line, { report, last: 100 })
      followReports()
      return placed.begun
    },
    follow() {
      followCompletions()
      followReports()
    },
  }
}

function nameOf({ remote }: Line): string {
  return remote.displayName ?? (remote.number === undefined ? '' : describeNumber(remote.number))
}

const failureStatus: Partial<Readonly<Record<EndReason, number>>> = {
  busy: 486,
  'no-answer': 480,
  'not-found': 404,
  'media-failed': 488,
  'hung-up-here': 487,
  refused: 603,
}

/** How a call that we were asked to make goes on, as its INVITE's responses would say (RFC 3515 §2.4.5). */
function statusOf({ state, times }: Line): number {
  switch (state.name) {
    case 'dialling':
      return state.progress === 'trying' ? 100 : 180
    case 'ended':
      return times.answeredAt !== null ? 200 : (state.status ?? failureStatus[state.reason] ?? 503)
    default:
      return 200
  }
}
