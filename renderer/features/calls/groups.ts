import { isLive, isUp } from '#shared/calls/line.ts'
import type { Line, PhoneSnapshot } from '#shared/contract/phone.ts'

/** The adviser has this call on hold, whoever else holds it too. */
export const isHeldHere = (line: Line): boolean => line.state.name === 'held' && line.state.by !== 'resident'

/** Whether a contact's call is over; a contact whose line the phone no longer keeps has none. */
export function callIsOver(snapshot: PhoneSnapshot | null, contactId: string | undefined): boolean {
  return !snapshot?.lines.some((line) => line.contactId === contactId && !isConsult(line) && isLive(line))
}

export const isConsult = (line: Line): boolean => line.purpose.name === 'consult'

const emergencyNumbers = ['999', '112', '18000']

/** A call to the emergency services: nothing of ours comes in its way, no script and no wrap-up. */
export const isEmergency = (line: Line): boolean =>
  line.direction === 'outbound' &&
  line.remote.number === undefined &&
  emergencyNumbers.includes(line.remote.displayName ?? '')

const isEmergencyTalk = (line: Line): boolean =>
  isEmergency(line) && (line.state.name === 'active' || line.state.name === 'dialling')

const byUse = ['active', 'answering', 'dialling', 'ringing', 'held']

/**
 * The call the adviser's keys act on: the one being talked on, else ringing, else held. An emergency call is made beside
 * another one: it is the one that was turned to.
 */
export function lineInHand(lines: readonly Line[]): Line | undefined {
  const rank = (line: Line) => (isEmergencyTalk(line) ? -1 : byUse.indexOf(line.state.name))
  return lines.filter(isLive).toSorted((a, b) => rank(a) - rank(b))[0]
}

/** A call that rings while another is in hand: it waits. */
export function lineWaiting(lines: readonly Line[]): Line | undefined {
  const inHand = lineInHand(lines)
  return lines.find((line) => line.state.name === 'ringing' && line.id !== inHand?.id)
}

/** The call that one key goes over to: the partner of a consultation first, else the longest on hold. */
export function otherLine(lines: readonly Line[]): Line | undefined {
  const inHand = lineInHand(lines)
  const held = lines.filter((line) => line.id !== inHand?.id && isHeldHere(line))
  return held.find((line) => line.id === partnerOf(lines, inHand)?.id) ?? held[0] ?? heldInHand(inHand)
}

const heldInHand = (inHand: Line | undefined) =>
  inHand !== undefined && isHeldHere(inHand) ? inHand : undefined

/** The other end of a consultation: who is asked, or whom it is about. */
export function partnerOf(lines: readonly Line[], line: Line | undefined): Line | undefined {
  if (line === undefined) return undefined
  const { purpose } = line
  return lines.find((each) =>
    purpose.name === 'consult'
      ? each.id === purpose.forLineId && isLive(each)
      : each.purpose.name === 'consult' && each.purpose.forLineId === line.id && isLive(each),
  )
}

/** Both ends of the consultation in hand, when there is one and the two are not joined already. */
export function consultation(lines: readonly Line[]): { asked: Line; resident: Line } | null {
  const inHand = lineInHand(lines)
  const partner = partnerOf(lines, inHand)
  if (inHand === undefined || partner === undefined) return null
  if (inHand.conferenceId !== null && inHand.conferenceId === partner.conferenceId) return null
  return isConsult(inHand) ? { asked: inHand, resident: partner } : { asked: partner, resident: inHand }
}

/** Everyone who hears this call: its own line, and those joined with it. */
export function joinedWith(lines: readonly Line[], line: Line): readonly Line[] {
  if (line.conferenceId === null) return [line]
  return lines.filter((each) => isLive(each) && each.conferenceId === line.conferenceId)
}

export interface ShownCalls {
  /** The call in hand, and whoever is joined with it. */
  readonly main: readonly Line[]
  /** Every other call that is up but the partner of a consultation in hand, ringing ones first, then in the order they came. */
  readonly others: readonly Line[]
  /** Ended calls that are no contact's work: someone asked, a colleague called, the emergency services. */
  readonly over: readonly Line[]
}

export function shownCalls(lines: readonly Line[]): ShownCalls {
  const inHand = lineInHand(lines)
  const main = inHand === undefined ? [] : joinedWith(lines, inHand)
  // The strip of the call in hand tells of its partner too.
  const partner = consultation(lines) === null ? undefined : partnerOf(lines, inHand)
  const rest = lines.filter((line) => isLive(line) && !main.includes(line) && line !== partner)
  const ringing = rest.filter((line) => line.state.name === 'ringing')
  return {
    main,
    others: [...ringing, ...rest.filter((line) => line.state.name !== 'ringing')],
    over: lines.filter((line) => !isLive(line) && !isContactWork(line)),
  }
}

/** Whether the call leaves work behind when it ends: someone of the public was spoken to, or tried. */
export function isContactWork(line: Line): boolean {
  return isOfContact(line) && (line.direction === 'outbound' || line.times.answeredAt !== null)
}

/** The lines' own numbers, as Alt Shift 1 to 4 name them: in the order the calls came. */
export function numbered(lines: readonly Line[]): readonly Line[] {
  return lines.filter(isLive).slice(0, 4)
}

/** Whether a contact goes with this line: not with someone asked, the emergency services or a colleague called. */
export function isOfContact(line: Line): boolean {
  if (isConsult(line) || isEmergency(line)) return false
  return line.direction === 'inbound' || line.remote.number !== undefined
}

/** Every call that could be joined so that all hear each other: at most four at once. */
export function joinableLines(lines: readonly Line[]): readonly string[] {
  return lines
    .filter(isUp)
    .slice(0, 4)
    .map(({ id }) => id)
}
