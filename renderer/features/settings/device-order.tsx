import { useId, useRef } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import type { DeviceReport, SoundDevice } from '#shared/contract/devices.ts'
import { type DeviceKind, isPluggedIn, moved, notChosen, usedWords } from './device-words.ts'

export interface DeviceOrderProps {
  readonly kind: DeviceKind
  readonly report: DeviceReport
  readonly onChange: (devices: readonly SoundDevice[]) => void
}

/** Devices of one kind in order of preference: moved up and down, taken off, added. */
export function DeviceOrder({ kind, report, onChange }: DeviceOrderProps) {
  const list = useRef<HTMLOListElement>(null)
  const addId = useId()
  const preferred = report.choices[kind]
  const others = notChosen(report, kind)

  const move = (index: number, by: -1 | 1) => {
    onChange(moved(preferred, index, by))
    // The focus goes with the device, so that pressing again moves it on.
    const button = by === -1 ? 'up' : 'down'
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-move="${index + by}-${button}"]:enabled`)?.focus(),
    )
  }

  return (
    <div className="device-order">
      <p className="small">{usedWords(report, kind)}</p>
      {preferred.length === 0 ? null : (
        <ol ref={list} className="rows">
          {preferred.map((device, index) => (
            <li key={device.id}>
              <span className="rows__words">
                <span>
                  {index + 1}. {device.label}
                </span>
                {isPluggedIn(report, kind, device) ? null : (
                  <span className="small words--attention">not plugged in</span>
                )}
              </span>
              <span className="dialog__actions">
                <Button
                  className="button--small"
                  data-move={`${index}-up`}
                  aria-label={`Prefer ${device.label} more`}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  Up
                </Button>
                <Button
                  className="button--small"
                  data-move={`${index}-down`}
                  aria-label={`Prefer ${device.label} less`}
                  disabled={index === preferred.length - 1}
                  onClick={() => move(index, 1)}
                >
                  Down
                </Button>
                <Button
                  className="button--small"
                  aria-label={`Take ${device.label} off the list`}
                  onClick={() => onChange(preferred.filter((each) => each !== device))}
                >
                  Take off
                </Button>
              </span>
            </li>
          ))}
        </ol>
      )}
      {others.length === 0 ? null : (
        <div className="device-order__add">
          <label className="small" htmlFor={addId}>
            {preferred.length === 0 ? 'Prefer a device instead' : 'If none of these is plugged in'}
          </label>
          <select
            id={addId}
            className="input"
            value=""
            onChange={(event) => {
              const device = others.find(({ id }) => id === event.target.value)
              if (device !== undefined) onChange([...preferred, device])
            }}
          >
            <option value="">The computer’s own choice</option>
            {others.map((device) => (
              <option key={device.id} value={device.id}>
                {device.label}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  )
}
