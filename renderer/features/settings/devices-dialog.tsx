import { useEffect } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import type { DeviceChoices, DeviceReport, Headset, HeadsetEvent } from '#shared/contract/devices.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import { DeviceOrder } from './device-order.tsx'
import { kindWords, levelWords, meterShare } from './device-words.ts'
import { HeadsetSection } from './headset-section.tsx'

/** The telephone as this page needs it. */
export interface DevicesGateway {
  choose(choices: DeviceChoices): void
  testRinger(): void
  watchLevels(on: boolean): void
  checkMicrophone(): void
  connectHeadset(): void
  setAutoAnswer(on: boolean): void
}

export interface DevicesDialogProps {
  readonly report: DeviceReport
  readonly headset: Headset
  readonly headsetEvents: readonly HeadsetEvent[]
  readonly autoAnswer: boolean
  /** Why the last change was not made. */
  readonly error: AppError | null
  readonly gateway: DevicesGateway
  readonly onClose: () => void
}

/** Microphone, speaker and ringer in order of preference, with a meter and a test. Every change holds at once. */
export function DevicesDialog(props: DevicesDialogProps) {
  const { report, gateway, onClose, error } = props
  const { choices } = report

  useEffect(() => {
    gateway.watchLevels(true)
    return () => gateway.watchLevels(false)
  }, [gateway])

  const change = (part: Partial<DeviceChoices>) => gateway.choose({ ...choices, ...part })
  const order = (kind: 'microphone' | 'speaker' | 'ringer') => (
    <DeviceOrder kind={kind} report={report} onChange={(devices) => change({ [kind]: [...devices] })} />
  )

  return (
    <Dialog title="Sound devices" open wide onClose={onClose}>
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      <p className="small quiet">
        Changes hold at once, during a call too. The first device of each list that is plugged in is used.
      </p>
      <div className="devices">
        <section className="devices__kind" aria-labelledby="devices-microphone">
          <h2 id="devices-microphone">{kindWords.microphone}</h2>
          <Meter level={report.microphoneLevel} />
          {order('microphone')}
          <SoundSwitches choices={choices} onChange={change} />
        </section>
        <section className="devices__kind" aria-labelledby="devices-speaker">
          <h2 id="devices-speaker">{kindWords.speaker}</h2>
          {order('speaker')}
        </section>
        <section className="devices__kind" aria-labelledby="devices-ringer">
          <h2 id="devices-ringer">{kindWords.ringer}</h2>
          {order('ringer')}
          <Field label={`How loud it rings: ${Math.round(choices.ringVolume * 100)} %`}>
            {({ id }) => (
              <input
                id={id}
                className="devices__volume"
                type="range"
                min={0}
                max={100}
                step={5}
                value={Math.round(choices.ringVolume * 100)}
                onChange={(event) => change({ ringVolume: Number(event.target.value) / 100 })}
              />
            )}
          </Field>
          <div>
            <Button onClick={gateway.testRinger}>Ring once</Button>
          </div>
        </section>
        <HeadsetSection
          headset={props.headset}
          events={props.headsetEvents}
          onConnect={gateway.connectHeadset}
        />
        <section className="devices__kind" aria-labelledby="devices-answering">
          <h2 id="devices-answering">Answering</h2>
          <label className="check">
            <input
              type="checkbox"
              checked={props.autoAnswer}
              onChange={(event) => gateway.setAutoAnswer(event.target.checked)}
            />
            Answer calls that ask for it by themselves, such as a supervisor’s, after a warning tone and two
            seconds in which you can decline
          </label>
        </section>
      </div>
      <div className="dialog__actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
        <Button onClick={gateway.checkMicrophone}>Check the microphone</Button>
      </div>
    </Dialog>
  )
}

function Meter({ level }: { readonly level: number | null }) {
  const share = meterShare(level)
  return (
    <div className="meter">
      <meter className="meter__scale" aria-label="Loudness of the microphone" min={0} max={1} value={share}>
        {levelWords(level)}
      </meter>
      <span className="small quiet">{levelWords(level)}</span>
    </div>
  )
}

const switches = [
  ['echoCancellation', 'Take out echo'],
  ['noiseSuppression', 'Take out noise around you'],
  ['autoGainControl', 'Keep your voice equally loud'],
] as const

function SoundSwitches(props: {
  readonly choices: DeviceChoices
  readonly onChange: (part: Partial<DeviceChoices>) => void
}) {
  return (
    <div>
      {switches.map(([name, words]) => (
        <label key={name} className="check">
          <input
            type="checkbox"
            checked={props.choices[name]}
            onChange={(event) => props.onChange({ [name]: event.target.checked })}
          />
          {words}
        </label>
      ))}
    </div>
  )
}
