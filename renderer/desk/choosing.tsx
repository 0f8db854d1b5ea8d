import { useStore } from 'zustand'
import {
  ContactsInHand,
  ScriptChange,
  ScriptShortcuts,
  ScriptsDialogs,
} from '#renderer/features/scripts/index.ts'
import { SignpostsDialog } from '#renderer/features/signposts/index.ts'
import { useNow } from '#renderer/ui/time.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Desk } from './compose.ts'

/** The dialogs for finding scripts, for contacts without a call, and for help elsewhere. */
export function ChoosingDialogs({ desk }: { readonly desk: Desk }) {
  return (
    <>
      <ScriptsDialogs store={desk.scripts} />
      <SignpostsDialog store={desk.signposts} />
    </>
  )
}

/** What to work with while a contact has no script. */
export function NoScript({ desk }: { readonly desk: Desk }) {
  return <ScriptShortcuts store={desk.scripts} />
}

/** Above the script: another one, or back to one that was left. */
export function OtherScripts({ desk, draft }: { readonly desk: Desk; readonly draft: Draft }) {
  const earlier = draft.earlier.map(({ run, title }) => ({ scriptId: run.scriptId, title }))
  return <ScriptChange store={desk.scripts} earlier={earlier} />
}

/** Open contacts in the order they came, when there are several. */
export function OpenContacts({ desk }: { readonly desk: Desk }) {
  const { draft } = useStore(desk.contact)
  const { me } = useStore(desk.records)
  const { scripts } = useStore(desk.scripts)
  const now = useNow()
  const titleOf = (each: Draft) =>
    scripts.find(({ id }) => id === each.run?.scriptId)?.title ??
    me?.queues.find(({ id }) => id === each.queueId)?.name ??
    'no script yet'
  return (
    <ContactsInHand
      contacts={openContacts(desk).map((each) => ({
        draft: each,
        inHand: each.contactId === draft?.contactId,
        title: titleOf(each),
      }))}
      now={now}
      onTake={(contactId) => void desk.contact.getState().resume(contactId)}
    />
  )
}

/** Goes on to the next open contact; a call that is talked on goes on beside it. */
export function takeNextContact(desk: Desk): void {
  const { draft, resume } = desk.contact.getState()
  const open = openContacts(desk)
  const at = open.findIndex(({ contactId }) => contactId === draft?.contactId)
  const next = open[(at + 1) % open.length]
  if (next !== undefined && next.contactId !== draft?.contactId) void resume(next.contactId)
}

function openContacts(desk: Desk): readonly Draft[] {
  const { draft, unfinished } = desk.contact.getState()
  return [...(draft === null ? [] : [draft]), ...unfinished].toSorted((a, b) => a.startedAt - b.startedAt)
}
