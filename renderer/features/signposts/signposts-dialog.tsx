import { type KeyboardEvent, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { ChoiceBox, markedOption } from '#renderer/ui/choice-box.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { useNow, when } from '#renderer/ui/time.ts'
import { cardOfService } from '#shared/guidance/signposts.ts'
import { ServiceCard } from './service-card.tsx'
import type { SignpostsStore } from './signposts-store.ts'

/** Where else the resident can get help, from anywhere by one key. */
export function SignpostsDialog({ store }: { readonly store: SignpostsStore }) {
  const { shown } = useStore(store)
  return shown ? <Signposts store={store} /> : null
}

function Signposts({ store }: { readonly store: SignpostsStore }) {
  const { search, services, asAt, said, close, tell, call, copy } = useStore(store)
  const [text, setText] = useState('')
  const [marked, setMarked] = useState(0)
  const now = useNow()
  const today = new Date(now).toISOString().slice(0, 10)
  const found = search(text)
  const current = markedOption(found, marked)
  const card = current === undefined ? null : cardOfService(current, today)

  const onKey = (event: KeyboardEvent): boolean => {
    if (card === null) return false
    if (event.key === 'Enter' && event.ctrlKey) call(card)
    else if (event.key === 'Enter') void tell(card)
    else if (event.altKey && event.code === 'KeyC') void copy(card)
    else return false
    return true
  }

  return (
    <Dialog title="Where else to get help" open wide onClose={close}>
      <ChoiceBox
        label="What they need, or the name of the service"
        listLabel="Services"
        listClass="signposts__list"
        frameClass="signposts"
        text={text}
        options={found}
        marked={marked}
        idOf={({ id }) => id}
        onText={(next) => {
          setText(next)
          setMarked(0)
        }}
        onMark={setMarked}
        onKey={onKey}
        onClick={(_service, index) => setMarked(index)}
        between={
          <p className="small quiet" role="status">
            {said === '' ? countWords(found.length, services.length) : said}
            {asAt === null ? '' : ` The council’s list as at ${when(asAt, now)}.`}
          </p>
        }
        show={(service) => (
          <>
            <strong>{service.name}</strong>
            <span className="small quiet">
              {service.attributes.map(({ taxonomy_term }) => taxonomy_term.name).join(', ')}
            </span>
          </>
        )}
        beside={card === null ? null : <ServiceCard card={card} />}
      />
      <div className="dialog__actions">
        {card === null ? null : (
          <>
            <Button look="primary" shortcut="Enter" onClick={() => void tell(card)}>
              Note: told the resident
            </Button>
            {card.phones.length === 0 ? null : (
              <Button shortcut="Ctrl Enter" onClick={() => call(card)}>
                Call {card.phones[0]?.number}
              </Button>
            )}
            <Button shortcut="Alt C" onClick={() => void copy(card)}>
              Copy
            </Button>
          </>
        )}
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  )
}

function countWords(found: number, all: number): string {
  if (all === 0) return 'This desk has no list yet. It comes with the council’s records.'
  if (found === 0) return 'Nothing fits these words. Try one other word.'
  return found === 1 ? '1 service.' : `${found} services.`
}
