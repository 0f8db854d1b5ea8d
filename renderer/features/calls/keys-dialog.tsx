import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { keyGroups } from './key-list.ts'

/** Every key of the desk. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" open wide onClose={onClose}>
      <div className="key-list">
        {keyGroups.map((group) => (
          <section key={group.title}>
            <h2>{group.title}</h2>
            <dl>
              {group.uses.map(({ keys, does }) => (
                <div key={keys} className="key-list__row">
                  <dt>
                    <kbd className="kbd">{keys}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="small quiet">
        In the guidance, 1 to 9 choose an answer, Enter goes on and Backspace goes back.
      </p>
      <div className="dialog__actions">
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}

/** The most used keys, at the foot of the window. */
export function KeyHints() {
  return (
    <footer className="key-hints small">
      {keyGroups
        .flatMap(({ uses }) => uses)
        .map(({ keys, short }) =>
          short === undefined ? null : (
            <span key={keys} className={keys === 'F12' ? 'key-hints__risk' : undefined}>
              <kbd className="kbd">{keys}</kbd> {short}
            </span>
          ),
        )}
    </footer>
  )
}
