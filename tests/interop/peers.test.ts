import { afterAll, afterEach, beforeAll } from 'vitest'
import { calls } from './scenarios/calls.ts'
import { dialogs } from './scenarios/dialogs.ts'
import { sessionTimers } from './scenarios/session-timers.ts'
import { transfers } from './scenarios/transfers.ts'
import { type Office, openOffice } from './support/office.ts'

let opened: Office | undefined

function office(): Office {
  if (opened === undefined) throw new Error('the office is closed')
  return opened
}

beforeAll(async () => {
  opened = await openOffice()
}, 60_000)
afterEach(() => office().tidy())
afterAll(() => opened?.close())

calls(office)
dialogs(office)
transfers(office)
sessionTimers(office)
