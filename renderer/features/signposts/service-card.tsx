import { type SignpostCard, trustWords } from '#shared/guidance/signposts.ts'

/** Everything an adviser may give on of a service, and how far it can be trusted. */
export function ServiceCard({ card }: { readonly card: SignpostCard }) {
  const trust = trustWords(card)
  return (
    <div className="service">
      <h2>{card.name}</h2>
      <p>{card.does}</p>
      <p className={`small words--${trust.tone}`}>{trust.text}</p>
      <dl className="facts">
        {card.phones.map(({ number, about }) => (
          <Fact
            key={number}
            term="Telephone"
            words={about === '' ? number : `${number} (${about})`}
            figures
          />
        ))}
        <Fact term="Open" words={card.hours.join('; ')} />
        <Fact term="For whom" words={card.who} />
        <Fact term="How" words={card.how} />
        <Fact term="Cost" words={card.fees} />
        <Fact term="Where" words={card.addresses.join('; ')} />
        <Fact term="Email" words={card.email} />
        <Fact term="Web" words={card.web} />
        <Fact term="Languages" words={card.languages.join(', ')} />
      </dl>
    </div>
  )
}

function Fact(props: { readonly term: string; readonly words: string | null; readonly figures?: boolean }) {
  const { term, words, figures } = props
  if (words === null || words === '') return null
  return (
    <>
      <dt>{term}</dt>
      <dd className={figures ? 'figures' : undefined}>{words}</dd>
    </>
  )
}
