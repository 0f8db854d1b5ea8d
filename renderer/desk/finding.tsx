import { useCallback, useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { CaseDialog, useLevel } from '#renderer/features/cases/index.ts'
import { FindDialog } from '#renderer/features/find/index.ts'
import type { CaseWithTimeline } from '#shared/contract/records.ts'
import type { Desk } from './compose.ts'

/** The box that finds everything, and the case that was opened from it. */
export function Finding({ desk }: { readonly desk: Desk }) {
  const draft = useStore(desk.contact, (state) => state.draft)
  const enhanced = useStore(desk.records, ({ me }) => me?.council.enhanced)
  const level = useLevel(draft?.identity ?? null, draft?.endedAt ?? null)
  const [openId, setOpenId] = useState<string | null>(null)
  const inContact = draft !== null
  const residentId = draft?.residentId ?? null
  const disclosure = useMemo(
    () => ({ inContact, residentId, level, enhanced }),
    [inContact, residentId, level, enhanced],
  )
  const take = useCallback(
    (chosenId: string) => {
      if (inContact) void desk.contact.getState().chooseResident(chosenId)
      else desk.beginContactWith(chosenId)
    },
    [desk, inContact],
  )
  const makeNew = useCallback(
    (text: string) => {
      desk.find.getState().close()
      desk.residents.getState().openNew(text)
    },
    [desk],
  )

  return (
    <>
      <FindDialog
        store={desk.find}
        disclosure={disclosure}
        residentAction={inContact ? 'Choose as the caller' : 'Begin a contact'}
        onResident={take}
        onCase={setOpenId}
        onNewResident={makeNew}
      />
      {openId === null ? null : (
        <FoundCase desk={desk} caseId={openId} inContact={inContact} onClose={() => setOpenId(null)} />
      )}
    </>
  )
}

interface FoundCaseProps {
  readonly desk: Desk
  readonly caseId: string
  readonly inContact: boolean
  readonly onClose: () => void
}

/** A case to read. Between contacts nobody listens, and what needs an enhanced check stays closed. */
function FoundCase({ desk, caseId, inContact, onClose }: FoundCaseProps) {
  const { changes, me } = useStore(desk.records)
  const { draft } = useStore(desk.contact)
  const checked = useLevel(draft?.identity ?? null, draft?.endedAt ?? null)
  const [found, setFound] = useState<CaseWithTimeline | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when records changed
  useEffect(() => {
    let isCurrent = true
    void desk.caseView(caseId).then((view) => {
      if (isCurrent) setFound(view)
    })
    return () => {
      isCurrent = false
    }
  }, [desk, caseId, changes])
  if (found === null) return null
  return (
    <CaseDialog
      found={found}
      level={inContact ? checked : 'standard'}
      enhanced={me?.council.enhanced}
      onViewed={desk.viewed}
      onClose={onClose}
    />
  )
}
