import { useState } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { type SignpostCard, textOfCard, trustWords } from '#shared/guidance/signposts.ts'
import type { ContactCard, SignpostStepView } from '#shared/guidance/view.ts'
import type { StepBodyProps } from './step-body-props.ts'
import type { StepSupport } from './step-support.ts'

/**
 * Who else can help, as cards to call, to read out or to copy: those of the script, and services of the council's
 * directory. Neither needs a network.
 */
export function SignpostBody({ step, support }: StepBodyProps & { readonly step: SignpostStepView }) {
  const { services, asAtWords, said, onTold } = support.elsewhere
  const [toldAt, setToldAt] = useState<string | null>(null)
  return (
    <>
      <ul className="cards">
        {step.contacts.map((card) => (
          <li key={card.id} className="card">
            <Card card={card} support={support} />
          </li>
        ))}
        {services.map((service) => (
          <li key={service.id} className="card">
            <ServiceCard
              service={service}
              support={support}
              onTold={() => {
                setToldAt(step.stepId)
                onTold(service)
              }}
            />
          </li>
        ))}
      </ul>
      {step.find.length === 0 ? null : (
        <p className="small quiet">
          {asAtWords === null
            ? 'This desk has no list of services yet.'
            : `Services from the council’s list, ${asAtWords}.`}
        </p>
      )}
      <p className="small words--good" role="status">
        {toldAt === step.stepId ? said : ''}
      </p>
    </>
  )
}

function ServiceCard({
  service,
  support,
  onTold,
}: {
  readonly service: SignpostCard
  readonly support: StepSupport
  readonly onTold: () => void
}) {
  const trust = trustWords(service)
  const number = service.phones[0]?.number
  return (
    <>
      <strong>{service.name}</strong>
      <span className="card__line">{service.does}</span>
      {number === undefined ? null : (
        <div>
          <Button
            className="button--small figures"
            aria-label={`Call ${service.name}, ${number}`}
            onClick={() => support.onDial(number)}
          >
            Call {number}
          </Button>
        </div>
      )}
      {[...service.hours, service.who, service.how, ...service.addresses].map((text) =>
        text === null ? null : (
          <span key={text} className="card__line">
            {text}
          </span>
        ),
      )}
      <span className={`small words--${trust.tone}`}>{trust.text}</span>
      <span className="card__foot">
        <Button
          className="button--small"
          aria-label={`Note that the resident was told about ${service.name}`}
          onClick={onTold}
        >
          Note: told
        </Button>
        <Button
          look="plain"
          className="button--small"
          aria-label={`Copy the card of ${service.name}`}
          onClick={() => support.onCopy(textOfCard(service))}
        >
          Copy
        </Button>
      </span>
    </>
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
