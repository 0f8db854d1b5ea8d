import { Button } from '#renderer/ui/button.tsx'
import type { ContactCard, SignpostStepView } from '#shared/guidance/view.ts'
import type { StepBodyProps } from './step-body-props.ts'
import type { StepSupport } from './step-support.ts'

/** Who else can help, as cards to call, to read out or to copy. They are part of the script and need no network. */
export function SignpostBody({ step, support }: StepBodyProps & { readonly step: SignpostStepView }) {
  return (
    <ul className="cards">
      {step.contacts.map((card) => (
        <li key={card.id} className="card">
          <Card card={card} support={support} />
        </li>
      ))}
    </ul>
  )
}

function Card({ card, support }: { readonly card: ContactCard; readonly support: StepSupport }) {
  const { phone, email, web, address, hours } = card
  const lines = [card.name, phone, email, web, address, hours].filter((line) => line !== null)
  return (
    <>
      <strong>{card.name}</strong>
      {phone === null ? null : (
        <div>
          <Button
            className="button--small figures"
            aria-label={`Call ${card.name}, ${phone}`}
            onClick={() => support.onDial(phone)}
          >
            Call {phone}
          </Button>
        </div>
      )}
      {[email, web, address, hours].map((text) =>
        text === null ? null : (
          <span key={text} className="card__line">
            {text}
          </span>
        ),
      )}
      <span className="card__foot">
        <span className="small quiet">{card.asAtWords ?? 'from the script'}</span>
        <Button
          look="plain"
          className="button--small"
          aria-label={`Copy the card of ${card.name}`}
          onClick={() => support.onCopy(lines.join('\n'))}
        >
          Copy
        </Button>
      </span>
    </>
  )
}
