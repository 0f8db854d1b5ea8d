import type { TelephoneStore } from '#renderer/features/calls/index.ts'
import type { ContactStore } from '#renderer/features/cases/index.ts'
import type { SignpostsPorts } from '#renderer/features/signposts/index.ts'
import { noteOperation } from '#shared/cases/contact-work.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { Random } from '#shared/kernel/random.ts'

/** What a service's card does: a note in the contact, a call, the clipboard. */
export function signpostsPorts(
  contact: ContactStore,
  telephone: TelephoneStore,
  records: Pick<RecordsApi, 'signposts' | 'save'>,
  random: Random,
): SignpostsPorts {
  return {
    records,
    async note(text) {
      const { draft, refresh } = contact.getState()
      if (draft === null) return false
      const saved = await records.save([noteOperation(draft, 'note', text, new Date().toISOString(), random)])
      await refresh()
      return saved.ok
    },
    call: (number) => telephone.getState().open({ name: 'dial', text: number }),
    copy: (text) => navigator.clipboard.writeText(text),
  }
}
