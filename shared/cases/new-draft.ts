import type { Draft } from '../contract/draft.ts'

/** The draft of a contact that begins. Times are milliseconds since 1970. */
export function newDraft(
  begun: Pick<Draft, 'contactId' | 'startedAt' | 'direction' | 'channel'> & Partial<Draft>,
): Draft {
  return {
    version: 1,
    updatedAt: begun.startedAt,
    callId: null,
    assistance: null,
    speaker: { party: 'resident', name: '' },
    queueId: null,
    residentId: null,
    identity: null,
    given: null,
    handedOver: null,
    failedAttempts: {},
    language: null,
    run: null,
    earlier: [],
    risk: null,
    caseId: null,
    typed: {},
    noteEdits: {},
    disposition: null,
    endedAt: null,
    saved: null,
    ...begun,
  }
}
