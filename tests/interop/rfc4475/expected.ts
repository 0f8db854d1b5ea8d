/*
 * RFC 4475, every message, and what a telephone with the address sip:user@example.com says to it over a WebSocket
 * (RFC 7118: one message in each frame). The RFC names an answer for some; for others it lets the element choose.
 */

export interface Torture {
  /** Name in the RFC's archive, and of the file. */
  readonly name: string
  readonly section: string
  /** Any of these final answers is right; none at all where the list is empty. */
  readonly answers: readonly number[]
  /** A header that the answer must have. */
  readonly header?: RegExp
  /** The telephone rings, and what is in `answers` is said when the adviser refuses. */
  readonly rings?: true
  /** The RFC itself says so; else it follows from the choice that is made here. */
  readonly named: boolean
}

const named = (section: string, name: string, answer: number | null, header?: RegExp): Torture => ({
  section,
  name,
  named: true,
  answers: answer === null ? [] : [answer],
  ...(header === undefined ? {} : { header }),
})

const chosen = (section: string, name: string, ...answers: number[]): Torture => ({
  section,
  name,
  answers,
  named: false,
})

export const tortures: readonly Torture[] = [
  // Valid messages. The first has a tag in To for a dialog that is not known; others are for someone else.
  chosen('3.1.1.1', 'wsinv', 481, 404),
  named('3.1.1.2', 'intmeth', 501, /^Allow: .*INVITE/m),
  chosen('3.1.1.3', 'esc01', 404),
  // Not a registrar: REGISTER is for nobody here.
  chosen('3.1.1.4', 'escnull', 404, 405),
  named('3.1.1.5', 'esc02', 501, /^Allow: .*INVITE/m),
  chosen('3.1.1.6', 'lwsdisp', 200),
  { ...chosen('3.1.1.7', 'longreq', 486), rings: true },
  // The second message has no frame of its own and does not exist.
  chosen('3.1.1.8', 'dblreq', 404, 405),
  chosen('3.1.1.9', 'semiuri', 404),
  chosen('3.1.1.10', 'transports', 200),
  chosen('3.1.1.11', 'mpart01', 404),
  // Responses to nothing.
  chosen('3.1.1.12', 'unreason'),
  chosen('3.1.1.13', 'noreason'),
  // Invalid messages.
  named('3.1.2.1', 'badinv01', 400),
  named('3.1.2.2', 'clerr', 400),
  named('3.1.2.3', 'ncl', 400),
  named('3.1.2.4', 'scalar02', 400),
  named('3.1.2.5', 'scalarlg', null),
  named('3.1.2.6', 'quotbal', 400),
  named('3.1.2.7', 'ltgtruri', 400),
  named('3.1.2.8', 'lwsruri', 400),
  named('3.1.2.9', 'lwsstart', 400),
  named('3.1.2.10', 'trws', 400),
  named('3.1.2.11', 'escruri', 400),
  { ...chosen('3.1.2.12', 'baddate', 486), rings: true },
  chosen('3.1.2.13', 'regbadct', 400, 404, 405),
  // Mended rather than refused, as the RFC allows: the first is for us, the second for someone else.
  chosen('3.1.2.14', 'badaspec', 200),
  chosen('3.1.2.15', 'baddn', 404),
  named('3.1.2.16', 'badvers', 505),
  named('3.1.2.17', 'mismatch01', 400),
  chosen('3.1.2.18', 'mismatch02', 400, 501),
  named('3.1.2.19', 'bigcode', null),
  // Transactions.
  chosen('3.2.1', 'badbranch', 200),
  // What an application makes of a message.
  named('3.3.1', 'insuf', 400),
  named('3.3.2', 'unkscm', 416),
  named('3.3.3', 'novelsc', 416),
  chosen('3.3.4', 'unksm2', 400, 404, 405, 416),
  named('3.3.5', 'bext01', 420, /^Unsupported: nothingSupportsThis, ?nothingSupportsThisEither/im),
  named('3.3.6', 'invut', 415, /^Accept: .*application\/sdp/im),
  chosen('3.3.7', 'regaut01', 404, 405),
  named('3.3.8', 'multi01', 400),
  named('3.3.9', 'mcl01', 400),
  named('3.3.10', 'bcast', null),
  named('3.3.11', 'zeromf', 200),
  chosen('3.3.12', 'cparam01', 404, 405),
  chosen('3.3.13', 'cparam02', 404, 405),
  chosen('3.3.14', 'regescrt', 404, 405),
  named('3.3.15', 'sdp01', 406),
  // RFC 2543: no tag, no branch, no Contact; and for someone else.
  chosen('3.4.1', 'inv2543', 404),
]
