import type { ContactStore } from '#renderer/features/cases/index.ts'
import type { KnownPerson, RiskPorts } from '#renderer/features/risk/index.ts'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { addressInOneLine } from '#shared/cases/risk.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { Resident } from '#shared/contract/rest.ts'
import type { Random } from '#shared/kernel/random.ts'

type Records = RiskPorts['records'] & Pick<RecordsApi, 'draft' | 'putDraft'>

/** The resident and the number that a record is about; neither while another contact is in hand. */
export function personOfRecord(
  { draft, resident, number }: Pick<ReturnType<ContactStore['getState']>, 'draft' | 'resident' | 'number'>,
  contactId: string | null,
): { readonly person: Resident | null; readonly number: string | null } {
  if (contactId !== null && draft?.contactId !== contactId) return { person: null, number: null }
  const person = resident?.resident ?? null
  return { person, number: number ?? person?.phones[0] ?? null }
}

export const knownPerson = ({ person, number }: ReturnType<typeof personOfRecord>): KnownPerson => ({
  place: person === null ? '' : addressInOneLine(person),
  number: number === null ? '' : spokenNumber(number),
  name: person === null ? '' : `${person.givenName} ${person.familyName}`,
})

/** The record of a risk to life is a contact's, in hand or not: another may be answered while it is being written. */
export function riskPorts(contact: ContactStore, records: Records, random: Random): RiskPorts {
  const { getState } = contact
  const inHand = (contactId: string) => {
    const { draft } = getState()
    return draft?.contactId === contactId ? draft : null
  }
  return {
    records,
    random,
    now: Date.now,
    contactInHand: () => getState().draft?.contactId ?? null,
    async contact(contactId) {
      const draft = inHand(contactId)
      if (draft === null) {
        const kept = await records.draft(contactId)
        return kept === null ? null : { draft: kept, caseId: null }
      }
      const { knownCase } = getState()
      return { draft, caseId: knownCase === null || knownCase.pending ? null : draft.caseId }
    },
    known: (contactId) => knownPerson(personOfRecord(getState(), contactId)),
    beginContact: () => getState().beginContact('telephone', null),
    async keep(contactId, { risk, typed = {} }) {
      if (inHand(contactId) !== null) {
        if (risk !== undefined) getState().noteRisk(risk)
        for (const [name, text] of Object.entries(typed)) getState().type(name, text)
        return
      }
      const kept = await records.draft(contactId)
      if (kept === null) return
      await records.putDraft({ ...kept, risk: risk ?? kept.risk, typed: { ...kept.typed, ...typed } })
    },
  }
}
