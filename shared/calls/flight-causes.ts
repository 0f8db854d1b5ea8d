import type { FlightCause, FlightEvent } from '../contract/call-report.ts'
import { words } from './flight-events.ts'

type Span = Pick<FlightCause, 'from' | 'until'>

/** Trouble that begins within this after a change of the network, or a sleep, comes of it. */
const followsWithinMs = 20_000
/** Bad moments closer together than this are one stretch. */
const sameStretchMs = 10_000
/** WebSocket close codes of a server that goes away on purpose (RFC 6455 §7.4.1, IANA registry). */
const serverLeaves = [1001, 1012]

/**
 * What went wrong in a call, in order. `events` are in order of time.
 *
 * A change of the network or a sleep takes the lost connection and the silence that follow it upon itself, and is over
 * when they are: the adviser is told of one trouble, not of its three signs.
 */
export function causesOf(events: readonly FlightEvent[]): FlightCause[] {
  const signalling = spans(events, isSignallingLost, isSignallingUp)
  const fromCaller = spans(
    events,
    soundIs(words.soundFromCaller, isSilent),
    soundIs(words.soundFromCaller, isWell),
  )
  const toCaller = spans(events, soundIs(words.soundToCaller, isSilent), soundIs(words.soundToCaller, isWell))
  const signs = [...signalling, ...fromCaller, ...toCaller]
  const explained = new Set<Span>()

  function takesUpon(code: FlightCause['code'], root: Span): FlightCause {
    const own = signs.filter((sign) => !explained.has(sign) && follows(sign, root))
    for (const sign of own) explained.add(sign)
    return { code, from: root.from, until: latest([root.until, ...own.map(({ until }) => until)]) }
  }

  const slept = stretches([
    ...spans(events, is(words.suspended), is(words.resumed)),
    ...events.filter(is(words.frozen)).map(({ at, facts }) => ({
      from: at - (typeof facts.forMs === 'number' ? facts.forMs : 0),
      until: at,
    })),
  ])
  // A change that harmed nothing is none of the adviser's trouble: browsers tell of many.
  const networks = stretches([
    ...spans(events, is(words.networkOffline), is(words.networkOnline)),
    ...momentsOf(events, is(words.networkChanged)).filter((change) =>
      signs.some((sign) => follows(sign, change)),
    ),
  ])
  const roots = [
    ...slept.map((span) => takesUpon('computer-slept', span)),
    ...networks.map((span) => takesUpon('network-changed', span)),
    ...momentsOf(events, isServerLeaving).map((span) => takesUpon('switchboard-restarted', span)),
  ]
  // A lost connection explains the silence that comes with it.
  const lost = signalling
    .filter((span) => !explained.has(span))
    .map((span) => {
      explained.add(span)
      const code = isSwitchboardAlone(events, span) ? 'switchboard-restarted' : 'connection-lost'
      return takesUpon(code, span)
    })
  const left = (span: Span) => !explained.has(span)
  const named = (code: FlightCause['code']) => (span: Span) => ({ code, ...span })
  const poor = (event: FlightEvent) => poorAlerts(event).length > 0
  const constant = (event: FlightEvent) => alertsOf(event)?.includes('microphone-constant') ?? false
  return [
    ...roots,
    ...lost,
    ...fromCaller.filter(left).map(named('no-sound-from-caller')),
    ...toCaller.filter(left).map(named('no-sound-to-caller')),
    ...stretches(spans(events, poor, isQualityWithout(poor))).map(named('poor-network')),
    ...stretches(spans(events, constant, isQualityWithout(constant))).map(
      named('microphone-muted-at-device'),
    ),
    ...spans(
      events,
      isMicrophone((state) => state !== 'live'),
      isMicrophone((state) => state === 'live'),
    ).map(named('microphone-lost')),
    ...momentsOf(events, is(words.microphoneInUse)).map(named('microphone-changed')),
    ...momentsOf(events, is(words.deskLoaded)).map(named('desk-restarted')),
    ...momentsOf(events, hasEnded('media-failed')).map(named('no-common-codec')),
    ...momentsOf(
      events,
      (event) => hasEnded('connection-lost')(event) || is(words.telephoneRestarted)(event),
    ).map(named('call-lost')),
  ].toSorted((a, b) => a.from - b.from)
}

type Test = (event: FlightEvent) => boolean

const is =
  (what: string): Test =>
  (event) =>
    event.what === what

const isSignallingLost = is(words.signallingIs('lost'))
const isSignallingUp = is(words.signallingIs('up'))
const isSilent = (state: unknown) => state === 'silent'
const isWell = (state: unknown) => state !== 'silent'

const soundIs =
  (what: string, state: (is: unknown) => boolean): Test =>
  (event) =>
    event.what === what && state(event.facts.is)

const isMicrophone =
  (state: (is: unknown) => boolean): Test =>
  (event) =>
    event.what === words.microphone && state(event.facts.is)

const isServerLeaving: Test = ({ source, facts }) =>
  (source === 'sip' || source === 'network') &&
  typeof facts.code === 'number' &&
  serverLeaves.includes(facts.code)

const hasEnded =
  (reason: string): Test =>
  (event) =>
    event.what === words.lineIs('ended') && event.facts.reason === reason

/** The switchboard could not be reached again at once, though the council could all the time. */
function isSwitchboardAlone(events: readonly FlightEvent[], { from, until }: Span): boolean {
  const during = events.filter(({ at }) => at >= from - sameStretchMs && (until === null || at <= until))
  const turnedAway = during.filter(({ what, facts }) => what === words.registration && facts.is === 'waiting')
  const councilGone = during.some(({ what, facts }) => what === words.council && facts.is === 'unreachable')
  // The first is the loss itself.
  return turnedAway.length > 1 && !councilGone
}

function alertsOf({ what, facts }: FlightEvent): string[] | null {
  return what === words.quality
    ? String(facts.alerts ?? '')
        .split(' ')
        .filter(Boolean)
    : null
}

const poorAlerts = (event: FlightEvent) =>
  (alertsOf(event) ?? []).filter((alert) => alert !== 'microphone-constant')

const isQualityWithout =
  (bad: Test): Test =>
  (event) =>
    event.what === words.quality && !bad(event)

/** From each event that begins it to the next that ends it. */
function spans(events: readonly FlightEvent[], begins: Test, ends: Test): Span[] {
  const found: { from: number; until: number | null }[] = []
  for (const event of events) {
    const open = found.at(-1)
    const isOpen = open !== undefined && open.until === null
    if (!isOpen && begins(event)) found.push({ from: event.at, until: null })
    else if (isOpen && ends(event)) open.until = event.at
  }
  return found
}

function momentsOf(events: readonly FlightEvent[], happened: Test): Span[] {
  return events.filter(happened).map(({ at }) => ({ from: at, until: at }))
}

/** Joins spans that overlap or nearly touch. */
function stretches(parts: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const part of parts.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last === undefined || (last.until !== null && part.from > last.until + sameStretchMs))
      joined.push(part)
    else joined.splice(-1, 1, { from: last.from, until: latest([last.until, part.until]) })
  }
  return joined
}

function follows(sign: Span, root: Span): boolean {
  const until = (root.until ?? Number.POSITIVE_INFINITY) + followsWithinMs
  // The silence of a path that broke may be dated a moment before the news of it.
  return sign.from <= until && (sign.until === null || sign.until >= root.from)
}

function latest(times: readonly (number | null)[]): number | null {
  return times.includes(null) ? null : Math.max(...times.filter((time) => time !== null))
}
