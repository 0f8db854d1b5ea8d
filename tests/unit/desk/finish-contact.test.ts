import { expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { finishContact } from '#renderer/desk/finish-contact.ts'
import { createCallsStore } from '#renderer/features/calls/store.ts'
import type { ContactState, ContactStore } from '#renderer/features/cases/contact-state.ts'
import { newDraft } from '#shared/cases/new-draft.ts'
import type { PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import { ok, type Result } from '#shared/kernel/result.ts'
import { sampleSnapshot } from '../features/phone-samples.ts'

const since = '2026-11-03T10:00:00Z'
const inWrapUp: PhoneSnapshot['agent'] = {
  state: { name: 'wrap-up', since, until: '2026-11-03T10:01:00Z' },
  pending: null,
  asAt: 0,
}

/** A contact whose call is over, at a desk whose council answers when `answer` is called. */
function deskInWrapUp(agent: PhoneSnapshot['agent'] = inWrapUp) {
  let snapshot = sampleSnapshot({ lines: [], agent })
  let changed = () => {}
  const asked: PhoneCommand[] = []
  const answers: (() => void)[] = []
  const calls = createCallsStore({
    subscribe: (listener) => {
      changed = listener
      return () => {}
    },
    snapshot: () => snapshot,
    execute: (command) =>
      new Promise<Result<null>>((resolve) => {
        asked.push(command)
        answers.push(() => resolve(ok(null)))
      }),
  })
  const draft = newDraft({ contactId: 'c', startedAt: 0, channel: 'telephone', direction: 'inbound' })
  const contact = createStore(() => ({ draft, finish: async () => true }) as unknown as ContactState)
  return {
    desk: { calls, contact: contact as ContactStore },
    asked,
    answer(state: NonNullable<PhoneSnapshot['agent']>['state']) {
      snapshot = sampleSnapshot({ lines: [], agent: { state, pending: null, asAt: 1 } })
      changed()
      for (const each of answers.splice(0)) each()
    },
  }
}

it('asks for Ready once the contact is finished in wrap-up', async () => {
  const { desk, asked, answer } = deskInWrapUp()
  const finished = finishContact(desk)
  await expect.poll(() => asked).toMatchObject([{ request: { name: 'ready' } }])
  answer({ name: 'ready', since })
  await finished
})

it('leaves a break alone that was asked for just before, whose answer is not here yet', async () => {
  const { desk, asked, answer } = deskInWrapUp()
  const request = { name: 'not-ready', reason: 'break' } as const
  void desk.calls.getState().execute({ name: 'requestAgentState', request })
  const finished = finishContact(desk)
  await new Promise(setImmediate)
  answer({ name: 'not-ready', reason: 'break', since })
  await finished
  expect(asked).toMatchObject([{ request }])
})
