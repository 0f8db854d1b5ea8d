import { type KeyboardEvent, useId, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Field } from '#renderer/ui/field.tsx'
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
  const listId = useId()
  const now = useNow()
  const today = new Date(now).toISOString().slice(0, 10)
  const found = search(text)
  const current = found[Math.min(marked, found.length - 1)]
  const card = current === undefined ? null : cardOfService(current, today)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setMarked(Math.min(marked + 1, found.length - 1))
    else if (event.key === 'ArrowUp') setMarked(Math.max(marked - 1, 0))
    else if (card !== null && event.key === 'Enter' && event.ctrlKey) call(card)
    else if (card !== null && event.key === 'Enter') void tell(card)
    else if (card !== null && event.altKey && event.code === 'KeyC') void copy(card)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <Dialog title="Where else to get help" open wide onClose={close}>
      <Field label="What they need, or the name of the service">
        {(control) => (
          <input
            {...control}
            autoFocus
            autoComplete="off"
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={current === undefined ? undefined : `${listId}-${current.id}`}
            value={text}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setText(event.target.value)
              setMarked(0)
            }}
          />
        )}
      </Field>
      <p className="small quiet" role="status">
        {said === '' ? countWords(found.length, services.length) : said}
        {asAt === null ? '' : ` The council’s list as at ${when(asAt, now)}.`}
      </p>
      <div className="signposts">
        <div id={listId} className="signposts__list" role="listbox" aria-label="Services">
          {found.map((service, index) => (
            // The arrow keys move the choice from the box above, so an option itself takes no focus.
            // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant
            // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
            <div
              key={service.id}
              id={`${listId}-${service.id}`}
              role="option"
              aria-selected={service === current}
              className={
                service === current ? 'signposts__option signposts__option--chosen' : 'signposts__option'
              }
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => setMarked(index)}
              ref={(element) => {
                if (service === current) element?.scrollIntoView({ block: 'nearest' })
              }}
            >
              <strong>{service.name}</strong>
              <span className="small quiet">
                {service.attributes.map(({ taxonomy_term }) => taxonomy_term.name).join(', ')}
              </span>
            </div>
          ))}
        </div>
        {card === null ? null : <ServiceCard card={card} />}
      </div>
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
