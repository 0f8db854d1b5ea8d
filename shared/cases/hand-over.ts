import type { Draft } from '../contract/draft.ts'
import type { HandOver, IdentityCheck, Operation } from '../contract/rest.ts'
import { levelNow } from '../guidance/identity.ts'
import type { Random } from '../kernel/random.ts'

const longestReason = 1_000

/** What goes along when the call of a contact is passed on. A check that has run out does not. `now` in milliseconds. */
export function handOverOperation(draft: Draft, reason: string, random: Random, now: number): Operation {
  const at = new Date(now).toISOString()
  return {
    kind: 'contact.hand-over',
    id: random.uuid(),
    at,
    contactId: draft.contactId,
    handOver: {
      reason: reason.trim().slice(0, longestReason),
      residentId: draft.residentId,
      // A case that was never saved is not there for anybody else.
      caseId: draft.saved === null ? null : draft.caseId,
      identity: levelNow(draft.identity, at) === 'none' ? null : draft.identity,
      language: draft.language ?? 'en',
      assistance: draft.assistance,
    },
  }
}

/** The draft of a call that a colleague passed on, with what the colleague knew. */
export function draftHandedOver(draft: Draft, from: HandOver): Draft {
  const { contactId, by, reason, at, residentId, identity, language, assistance } = from
  const check = residentId === null || identity === null ? null : checkedBy(identity, from)
  return {
    ...draft,
    residentId,
    identity: check,
    language,
    assistance: assistance ?? draft.assistance,
    given: residentId === null || check === null ? null : { residentId, check },
    speaker: speakerOfCheck(identity) ?? draft.speaker,
    handedOver: { contactId, by, reason, at },
  }
}

/** The draft of a call that was passed on when what goes along cannot be read: nobody has been identified. */
export function draftHandedOverUnread(draft: Draft, contactId: string): Draft {
  return { ...draft, handedOver: { contactId, by: null, reason: '', at: null } }
}

/**
 * What the colleague knew reaches the desk when the call is under way already: it fills what the adviser has not found
 * out since, and a check of the colleague's never takes the place of one that was made here.
 */
export function draftHandedOverLate(draft: Draft, from: HandOver): Draft {
  const whole = draftHandedOver(draft, from)
  const isSame = draft.residentId === null || draft.residentId === from.residentId
  const unchecked = draft.identity === null && draft.given === null
  return {
    ...draft,
    residentId: draft.residentId ?? whole.residentId,
    given: isSame && unchecked ? whole.given : draft.given,
    language: draft.language ?? whole.language,
    assistance: draft.assistance ?? whole.assistance,
    speaker: isSame && draft.speaker.party === 'resident' ? whole.speaker : draft.speaker,
    handedOver: whole.handedOver,
  }
}

/** Passed on twice, it is still the check of whoever made it. */
function checkedBy(check: IdentityCheck, { by, reason }: HandOver): IdentityCheck {
  return { ...check, handedOver: { by: check.handedOver?.by ?? by, reason } }
}

function speakerOfCheck(check: IdentityCheck | null): Draft['speaker'] | null {
  if (check?.party !== 'third-party' && check?.party !== 'councillor') return null
  return { party: check.party, name: check.partyName ?? '' }
}
