import { callIsOver } from '#renderer/features/calls/index.ts'
import type { Desk } from './compose.ts'

/**
 * Finishes the contact in hand: saves all of it, lets go of its line, and in wrap-up tells the backend that the
 * adviser is done, which leads to what was asked for during the call, or to Ready. Does nothing while the contact's
 * call is still up.
 */
export async function finishContact(desk: Pick<Desk, 'contact' | 'calls'>): Promise<void> {
  const { draft } = desk.contact.getState()
  if (draft === null || !callIsOver(desk.calls.getState().snapshot, draft.contactId)) return
  if (!(await desk.contact.getState().finish())) return
  // A letter or a chat has nothing to do with the telephone's wrap-up.
  if (draft.channel !== 'telephone') return
  await dismissLineOf(desk, draft.contactId)
  // A break asked for a moment ago must not be undone by asking for Ready before its answer is here.
  await desk.calls.getState().stateAnswered()
  const { snapshot, execute } = desk.calls.getState()
  const agent = snapshot?.agent
  if (agent?.state.name === 'wrap-up') {
    await execute({ name: 'requestAgentState', request: agent.pending ?? { name: 'ready' } })
  }
}

/** Leaves a contact whose call is over for later; it waits among the unfinished ones. */
export async function setContactAside(desk: Desk): Promise<void> {
  const contactId = desk.contact.getState().draft?.contactId
  if (contactId === undefined) return
  desk.contact.getState().setAside()
  await dismissLineOf(desk, contactId)
}

async function dismissLineOf(desk: Pick<Desk, 'calls'>, contactId: string): Promise<void> {
  const { snapshot, execute } = desk.calls.getState()
  for (const line of snapshot?.lines ?? []) {
    if (line.contactId === contactId && line.state.name === 'ended')
      await execute({ name: 'dismissLine', lineId: line.id })
  }
}
