import type { CallsStore } from './store.ts'
import type { PassOnCommand, TelephoneStore } from './telephone.ts'

/**
 * Passes a call on. When its contact is in hand, what goes along is shown and the reason asked for first; a call that is
 * nobody's contact goes at once. `to` is whom it goes to, in words. Answers false when the telephone refused.
 */
export async function passOn(
  calls: CallsStore,
  telephone: TelephoneStore,
  command: PassOnCommand,
  to: string,
): Promise<boolean> {
  const { snapshot, execute } = calls.getState()
  const contactId = snapshot?.lines.find(({ id }) => id === command.lineId)?.contactId
  const { handsOver, open } = telephone.getState()
  if (contactId === undefined || !handsOver(contactId)) return execute(command)
  open({ name: 'pass-on', command: { ...command, contactId }, to })
  return true
}
