import { Button } from '#renderer/ui/button.tsx'
import { timeToSecond } from '#renderer/ui/time.ts'
import type { Headset, HeadsetEvent } from '#shared/contract/devices.ts'
import { headsetEventWords, headsetWords } from './device-words.ts'

export interface HeadsetSectionProps {
  readonly headset: Headset
  readonly events: readonly HeadsetEvent[]
  readonly onConnect: () => void
}

/** The headset's buttons: connected or not, who has them, and what each press and light did. */
export function HeadsetSection({ headset, events, onConnect }: HeadsetSectionProps) {
  const { text, trouble } = headsetWords(headset)
  return (
    <section className="devices__kind" aria-labelledby="devices-headset">
      <h2 id="devices-headset">Headset buttons</h2>
      <p className={trouble ? 'words--attention' : undefined} role="status">
        {text}
      </p>
      <div>
        <Button onClick={onConnect}>
          {headset.name === 'absent' ? 'Connect a headset’s buttons' : 'Connect again'}
        </Button>
      </div>
      <details className="headset-events">
        <summary>Find out what is wrong</summary>
        <p className="small quiet">
          Press each button of the headset. It should appear here; if it does not, another program has the
          headset or it is not known to the desk.
        </p>
        {events.length === 0 ? (
          <p className="small">Nothing has come from the headset yet.</p>
        ) : (
          <ol className="headset-events__list small figures">
            {events.toReversed().map((event) => (
              <li key={`${event.at} ${event.direction} ${event.what}`}>
                {timeToSecond(event.at)} {headsetEventWords(event)}
              </li>
            ))}
          </ol>
        )}
      </details>
    </section>
  )
}
