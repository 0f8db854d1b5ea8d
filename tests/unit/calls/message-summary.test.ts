import { expect, it } from 'vitest'
import { messageSummary } from '#shared/calls/message-summary.ts'

it.each([
  [
    'Messages-Waiting: yes\r\nMessage-Account: sip:a@example.org\r\nVoice-Message: 2/8 (0/2)\r\n',
    { newMessages: 2, oldMessages: 8 },
  ],
  ['messages-waiting : YES\nvoice-message:1/0', { newMessages: 1, oldMessages: 0 }],
  ['Messages-Waiting: yes\r\n', { newMessages: 1, oldMessages: 0 }],
  ['Messages-Waiting: no\r\nFax-Message: 3/0\r\n', { newMessages: 0, oldMessages: 0 }],
  ['', null],
  ['<html>', null],
])('counts what waits in %j', (body, summary) => {
  expect(messageSummary(body)).toEqual(summary)
})
