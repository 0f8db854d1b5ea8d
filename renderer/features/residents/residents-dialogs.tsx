import { useStore } from 'zustand'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { FormContent } from './form-dialog.tsx'
import { MergeContent } from './merge-dialog.tsx'
import type { ResidentsShown, ResidentsStore } from './residents-store.ts'
import { WarningsContent } from './warnings-dialog.tsx'

/** Whatever of a resident's record is being worked on. */
export function ResidentsDialogs({ store }: { readonly store: ResidentsStore }) {
  const { shown, close } = useStore(store)
  return (
    <Dialog title={titleOf(shown)} wide open={shown.name !== 'nothing'} onClose={close}>
      <Content store={store} shown={shown} />
    </Dialog>
  )
}

function Content({ store, shown }: { readonly store: ResidentsStore; readonly shown: ResidentsShown }) {
  switch (shown.name) {
    case 'nothing':
      return null
    case 'form':
      return <FormContent store={store} isNew={shown.before === null} />
    case 'merge':
      return <MergeContent store={store} shown={shown} />
    case 'warnings':
      return <WarningsContent store={store} residentId={shown.residentId} />
  }
}

function titleOf(shown: ResidentsShown): string {
  switch (shown.name) {
    case 'nothing':
      return ''
    case 'form':
      return shown.before === null ? 'New resident' : 'Contact details'
    case 'merge':
      return 'Two records of one person'
    case 'warnings':
      return 'Warnings'
  }
}
