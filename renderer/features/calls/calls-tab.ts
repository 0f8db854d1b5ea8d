import type { PhoneCommand } from '#shared/contract/phone.ts'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'

/** What each page of the Calls dialog is given. */
export interface CallsTabProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
  readonly queueName: (id: string) => string | undefined
  readonly run: (command: PhoneCommand) => Promise<void>
}
