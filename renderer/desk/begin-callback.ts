import { newDraft } from '#shared/cases/new-draft.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { Callback } from '#shared/contract/rest.ts'
import type { Random } from '#shared/kernel/random.ts'

/**
 * A promised call is a contact of its own: the one in which it was promised is closed and stays as it was. Its draft
 * is kept before the call is dialled, so that whom it is about is known when the call is up. Answers the contact's id.
 */
export async function beginCallback(
  callback: Callback,
  records: Pick<RecordsApi, 'putDraft'>,
  random: Random,
  now: number,
): Promise<string> {
  const draft = newDraft({
    contactId: random.uuid(),
    startedAt: now,
    channel: 'telephone',
    direction: 'outbound',
    queueId: callback.queueId,
    residentId: callback.residentId,
    typed: callback.reason === '' ? {} : { note: `Promised call: ${callback.reason}` },
  })
  await records.putDraft(draft)
  return draft.contactId
}
