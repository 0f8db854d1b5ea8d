/*
 * What a scripted telephone does, in the words of a call flow; written out as a scenario of SIPp. A step that does not
 * happen as written fails the telephone, and with it the test.
 */

export type Role = 'caller' | 'called'

/** One line of a call flow, given the telephone's role. */
export type Step = (role: Role) => string

interface Extra {
  readonly headers?: readonly string[]
  /** Names the transaction: an ACK of a refusal belongs to that of its INVITE (RFC 3261 §17.1.1.3). */
  readonly transaction?: string
  readonly sdp?: string
}

/** A description with real sound behind it: what arrives on its port is sent back. */
export const echoing = (direction = 'sendrecv', version = 1) =>
  [
    'v=0',
    `o=telephone 1 ${version} IN IP4 [local_ip]`,
    's=-',
    'c=IN IP4 [media_ip]',
    't=0 0',
    'm=audio [media_port] RTP/AVP 8 101',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
  ].join('\n')

export function sippScenario(role: Role, steps: readonly Step[]): string {
  const body = steps.map((step) => step(role)).join('\n')
  // SIPp refuses a variable that nothing reads.
  const used = body.includes('assign_to="us"') ? '<Reference variables="us,them"/>' : ''
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="flow">\n${body}\n${used}\n</scenario>\n`
}

const sentBy = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch='
const via = `${sentBy}[branch]`
/** Of the first INVITE, what cancels it and what acknowledges its refusal (RFC 3261 §9.1, §17.1.1.3). */
const viaOf = (transaction: string) => `${sentBy}z9hG4bK-${transaction}-[pid]-[call_number]`
const firstVia = viaOf('first')
const contact = 'Contact: <sip:telephone@[local_ip]:[local_port]>'
const ownTag = ';tag=[pid]x[call_number]'

// Without retransmission: SIPp would wait for an answer before it sends the next message.
function message(lines: readonly string[], { headers = [], sdp }: Extra): string {
  const all = [
    ...lines,
    ...headers,
    ...(sdp === undefined ? [] : ['Content-Type: application/sdp']),
    'Content-Length: [len]',
    '',
    sdp ?? '',
  ]
  return `<send><![CDATA[\n${all.join('\n')}\n]]></send>`
}

/** The caller's first INVITE. */
export const invite =
  (extra: Extra = { sdp: echoing() }): Step =>
  () =>
    message(
      [
        'INVITE sip:[service]@example.org SIP/2.0',
        firstVia,
        `From: "A. Okafor" <sip:+441632960142@example.org>${ownTag}`,
        'To: <sip:[service]@example.org>',
        'Call-ID: [call_id]',
        'CSeq: 1 INVITE',
        'Max-Forwards: 70',
        contact,
        'Allow: INVITE, ACK, BYE, CANCEL, UPDATE, INFO, NOTIFY, OPTIONS',
      ],
      extra,
    )

export const cancel = (): Step => () =>
  message(
    [
      'CANCEL sip:[service]@example.org SIP/2.0',
      firstVia,
      `From: "A. Okafor" <sip:+441632960142@example.org>${ownTag}`,
      'To: <sip:[service]@example.org>',
      'Call-ID: [call_id]',
      'CSeq: 1 CANCEL',
      'Max-Forwards: 70',
    ],
    {},
  )

/** A request in the dialog, from either role. ACK takes the number of its INVITE. */
export const request =
  (method: string, cseq: number, extra: Extra = {}): Step =>
  (role) =>
    message(
      [
        `${method} [next_url] SIP/2.0`,
        extra.transaction === undefined ? via : viaOf(extra.transaction),
        ...(role === 'caller'
          ? [
              `From: "A. Okafor" <sip:+441632960142@example.org>${ownTag}`,
              'To: <sip:[service]@example.org>[peer_tag_param]',
            ]
          : [`From: [$us]${ownTag}`, 'To: [$them]']),
        'Call-ID: [call_id]',
        `CSeq: ${cseq} ${method}`,
        'Max-Forwards: 70',
        '[routes]',
        contact,
      ],
      extra,
    )

/** The first INVITE is refused, and the refusal acknowledged. */
export const refused = (status: number, containing: readonly string[] = []): readonly Step[] => [
  expect(status, { containing }),
  request('ACK', 1, { transaction: 'first' }),
]

/** Answers the request that came last. */
export const reply =
  (status: string, extra: Extra & { tag?: string } = {}): Step =>
  () =>
    message(
      [
        `SIP/2.0 ${status}`,
        '[last_Via:]',
        '[last_From:]',
        `[last_To:]${extra.tag ?? ''}`,
        '[last_Call-ID:]',
        '[last_CSeq:]',
        '[last_Record-Route:]',
        contact,
        'Allow: INVITE, ACK, BYE, CANCEL, UPDATE, INFO, NOTIFY, OPTIONS',
      ],
      extra,
    )

/** Answers the INVITE that began the dialog: as `reply`, with this end's tag. */
export const answer = (status: string, extra: Extra = {}): Step => reply(status, { ...extra, tag: ownTag })

export interface Expected {
  /** Both or neither: the flow goes on either way. */
  readonly optional?: boolean
  /** To be answered later, with `answerKept`, when other messages have come in between. */
  readonly kept?: boolean
  /** A regular expression (POSIX, extended) that the whole message must contain. */
  readonly containing?: readonly string[]
}

let names = 0

function checks(containing: readonly string[], more = ''): string {
  const actions = containing.map((expression) => {
    names += 1
    const name = `seen${names}`
    const escaped = expression.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
    return `<ereg regexp="${escaped}" search_in="msg" check_it="true" assign_to="${name}"/><log message="[$${name}]"/>`
  })
  const all = actions.join('') + more
  return all === '' ? '' : `<action>${all}</action>`
}

/** What a later request or answer of this end is written from. */
const taken = {
  opening: [
    ['To:', 1, 'us'],
    ['From:', 1, 'them'],
  ],
  kept: [
    ['Via:', 1, 'keptVia'],
    ['Via:', 2, 'keptNextVia'],
    ['From:', 1, 'keptFrom'],
    ['To:', 1, 'keptTo'],
    ['CSeq:', 1, 'keptCSeq'],
  ],
} as const

export const receive =
  (method: string, { optional = false, kept = false, containing = [] }: Expected = {}): Step =>
  (role) => {
    const opening = role === 'called' && method === 'INVITE' && !kept
    const headers = kept ? taken.kept : opening ? taken.opening : []
    const taking = headers.map(
      ([header, nth, name]) =>
        `<ereg regexp=".*" search_in="hdr" header="${header}" occurrence="${nth}" assign_to="${name}"/>`,
    )
    return `<recv request="${method}" rrs="${opening}"${optional ? ' optional="true"' : ''}>${checks(containing, taking.join(''))}</recv>`
  }

/** Answers the request that was kept. */
export const answerKept =
  (status: string, extra: Extra = {}): Step =>
  () =>
    message(
      [
        `SIP/2.0 ${status}`,
        'Via: [$keptVia]',
        'Via: [$keptNextVia]',
        'From: [$keptFrom]',
        'To: [$keptTo]',
        'Call-ID: [call_id]',
        'CSeq: [$keptCSeq]',
        contact,
      ],
      extra,
    )

export const expect =
  (status: number, { optional = false, containing = [] }: Expected = {}): Step =>
  () =>
    `<recv response="${status}" rrs="${status >= 180 && status < 300}"${optional ? ' optional="true"' : ''}>${checks(containing)}</recv>`

export const wait =
  (ms: number): Step =>
  () =>
    `<pause milliseconds="${ms}"/>`
