import { expect, it } from 'vitest'
import { answerAfterMs } from '#shared/calls/auto-answer.ts'

const none: readonly string[] = []

it.each([
  [['<sip:example.org>;answer-after=0'], none, 0],
  [['<sip:example.org>; Answer-After = 3'], none, 3_000],
  [['<https://example.org/x>;purpose=icon', '<sip:x>;answer-after=1'], none, 1_000],
  [['<sip:example.org>;answer-after=9999'], none, 60_000],
  [none, ['info=alert-autoanswer'], 0],
  [none, ['<http://www.example.org>;info=alert-autoanswer;delay=2'], 2_000],
  [none, ['<http://example.org/ring.wav>', ';info="alert-autoanswer"'], 0],
  [none, ['info=alert-internal'], null],
  [none, ['<http://example.org/xinfo=alert-autoanswer>'], null],
  [['<sip:example.org>;answer-after=soon'], none, null],
  [none, none, null],
])('Call-Info %j and Alert-Info %j wait %s', (callInfo, alertInfo, waitMs) => {
  expect(answerAfterMs({ callInfo, alertInfo })).toBe(waitMs)
})
