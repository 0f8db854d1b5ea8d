import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Field } from '#renderer/ui/field.tsx'
import type { SettingsStore, TextScale, Theme } from './store.ts'

export interface SettingsDialogProps {
  readonly store: SettingsStore
  readonly open: boolean
  readonly onClose: () => void
}

/** How the desk looks on this computer. */
export function SettingsDialog({ store, open, onClose }: SettingsDialogProps) {
  const { theme, textScale, setTheme, setTextScale } = useStore(store)
  return (
    <Dialog title="Display" open={open} onClose={onClose}>
      <Field label="Colours">
        {(control) => (
          <select {...control} value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
            <option value="system">As the computer is set</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        )}
      </Field>
      <Field label="Text size">
        {(control) => (
          <select
            {...control}
            value={textScale}
            onChange={(event) => setTextScale(Number(event.target.value) as TextScale)}
          >
            <option value={1}>100 %</option>
            <option value={1.25}>125 %</option>
            <option value={1.5}>150 %</option>
            <option value={2}>200 %</option>
          </select>
        )}
      </Field>
      <div>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  )
}
