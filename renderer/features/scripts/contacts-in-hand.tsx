import { Kbd } from '#renderer/ui/kbd.tsx'
import { when } from '#renderer/ui/time.ts'
import type { Draft } from '#shared/contract/draft.ts'
import { channelWords } from './channel-words.ts'

export interface OpenContact {
  readonly draft: Draft
  readonly inHand: boolean
  /** What it is about, as far as it is known. */
  readonly title: string
}

export interface ContactsInHandProps {
  readonly contacts: readonly OpenContact[]
  readonly now: number
  readonly onTake: (contactId: string) => void
}

/** Every contact that is open: letters and chats beside the call. */
export function ContactsInHand({ contacts, now, onTake }: ContactsInHandProps) {
  if (contacts.length < 2) return null
  return (
    <nav className="in-hand" aria-label="Open contacts">
      {contacts.map(({ draft, inHand, title }) => (
        <button
          key={draft.contactId}
          type="button"
          className={inHand ? 'in-hand__contact in-hand__contact--shown' : 'in-hand__contact'}
          aria-current={inHand ? 'true' : undefined}
          onClick={() => onTake(draft.contactId)}
        >
          <strong>{channelWords(draft.channel)}</strong>
          <span className="small">
            {title}, {when(draft.startedAt, now)}
          </span>
        </button>
      ))}
      <span className="small quiet">
        <Kbd keys="Ctrl F7" /> next
      </span>
    </nav>
  )
}
