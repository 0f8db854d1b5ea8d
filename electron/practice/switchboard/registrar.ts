import type { Clock } from '#shared/kernel/clock.ts'
import { parseAddress, parseUri } from './sip-address.ts'
import { header, headersOf, type SipRequest } from './sip-message.ts'

/* Where each user can be reached: RFC 3261 §10.3 in memory. The caller has checked who is asking. */

export interface Binding {
  readonly user: string
  /** Contact URI. */
  readonly contact: string
  readonly expiresAt: number
  /** Via sent-by of the REGISTER: names the connection even after a reconnect. */
  readonly connectionName: string
}

interface StoredBinding extends Binding {
  /** Same telephone across restarts (RFC 5626 §4.1), else the contact itself. */
  readonly instance: string
  readonly displayParams: string
}

export interface Registrar {
  /** Answers the status and headers of the response to a REGISTER. */
  register(user: string, request: SipRequest, connectionName: string): RegisterAnswer
  /** Newest first, without expired ones. */
  bindings(user: string): readonly Binding[]
}

export interface RegisterAnswer {
  readonly status: number
  readonly reason: string
  readonly headers: readonly (readonly [string, string])[]
}

const defaultExpiresSeconds = 600
const minExpiresSeconds = 5
const maxExpiresSeconds = 3600
const maxBindings = 10

export function createRegistrar(clock: Clock): Registrar {
  const stored = new Map<string, StoredBinding[]>()

  const current = (user: string): StoredBinding[] =>
    (stored.get(user) ?? []).filter(({ expiresAt }) => expiresAt > clock.now())

  function register(user: string, request: SipRequest, connectionName: string): RegisterAnswer {
    const contacts = headersOf(request, 'Contact')
    const expiresHeader = secondsOf(header(request, 'Expires')) ?? defaultExpiresSeconds
    let bindings = current(user)
    if (contacts.length === 1 && contacts[0] === '*') {
      if (expiresHeader !== 0) return badRequest
      bindings = []
    } else {
      for (const contact of contacts) {
        const address = parseAddress(contact)
        const uri = address === null ? null : parseUri(address.uri)
        if (address === null || uri === null || uri.scheme === 'tel') return badRequest
        const asked = secondsOf(address.params.expires) ?? expiresHeader
        if (asked !== 0 && asked < minExpiresSeconds)
          return {
            status: 423,
            reason: 'Interval Too Brief',
            headers: [['Min-Expires', String(minExpiresSeconds)]],
          }
        const instance = String(address.params['+sip.instance'] ?? address.uri)
        bindings = bindings.filter((each) => each.instance !== instance && each.contact !== address.uri)
        if (asked === 0) continue
        const seconds = Math.min(asked, maxExpiresSeconds)
        bindings.unshift({
          user,
          contact: address.uri,
          expiresAt: clock.now() + seconds * 1000,
          connectionName,
          instance,
          displayParams: contactParams(address.params),
        })
      }
    }
    bindings = bindings.slice(0, maxBindings)
    stored.set(user, bindings)
    return {
      status: 200,
      reason: 'OK',
      headers: bindings.map(({ contact, expiresAt, displayParams }) => {
        const seconds = Math.ceil((expiresAt - clock.now()) / 1000)
        return ['Contact', `<${contact}>${displayParams};expires=${seconds}`] as const
      }),
    }
  }

  return { register, bindings: current }
}

const badRequest: RegisterAnswer = { status: 400, reason: 'Bad Request', headers: [] }

/** Parameters by which the client finds its own contact in the answer again. */
function contactParams(params: Readonly<Record<string, string | true>>): string {
  const { '+sip.instance': instance, 'reg-id': regId } = params
  return [
    typeof instance === 'string' ? `;+sip.instance="${instance}"` : '',
    typeof regId === 'string' ? `;reg-id=${regId}` : '',
  ].join('')
}

function secondsOf(value: string | true | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,10}$/.test(value.trim()) ? Number(value) : undefined
}
