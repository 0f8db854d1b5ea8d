import type { Draft } from '../contract/draft.ts'
import type { Line } from '../contract/phone.ts'
import type { Assistance } from '../contract/rest.ts'
import type { Speaker } from '../guidance/identity.ts'

/** Who speaks in a contact: with somebody who interprets, they do for the resident. */
export function speakerOf({ speaker, assistance }: Pick<Draft, 'speaker' | 'assistance'>): Speaker {
  const interpreted = assistance === 'interpreter' || assistance === 'sign-language'
  return interpreted && speaker.party === 'resident' ? { party: 'interpreter', name: '' } : speaker
}

/** Of text relay: 18001 is dialled before the number (Ofcom, National Telephone Numbering Plan). */
const relayPrefix = /^\W*18001/

/** What the call itself says of how it is helped along; null when it says nothing. */
export function assistanceOfCall({ remote }: Pick<Line, 'remote'>): Assistance | null {
  const name = remote.displayName ?? ''
  return relayPrefix.test(name) || /\b(relay uk|text relay)\b/i.test(name) ? 'relay' : null
}
