import { describe, it, expect as that } from 'vitest'
import { adviserHz, type Office } from '../support/office.ts'
import {
  answer,
  echoing,
  expect,
  invite,
  receive,
  refused,
  reply,
  request,
  type Step,
} from '../support/sipp-script.ts'

/*
 * An hour with an interval of 30 minutes is renewed at 15, 30, 45 and 60 minutes. Here an interval of 2 s takes the
 * place of the 30 minutes; the telephone under test is told to accept intervals that short.
 */
const shortS = 2
const renewalsInAnHour = 4

const timed = (interval: string) => ['Supported: timer', `Session-Expires: ${interval}`]
const trying = expect(100, { optional: true })
const times = (count: number, steps: (n: number) => Step[]): Step[] =>
  Array.from({ length: count }, (_, at) => steps(at)).flat()

export function sessionTimers(office: () => Office): void {
  describe('a session timer (RFC 4028)', () => {
    it('of less than 90 s is refused with what is accepted, and then agreed', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        invite({ sdp: echoing(), headers: timed('30') }),
        trying,
        ...refused(422, ['Min-SE: 90']),
      ])
      await telephone.done
      that((await adviser.snapshot()).lines).toEqual([])
      const again = await scripted('caller', [
        invite({ sdp: echoing(), headers: [...timed('90'), 'Require: timer'] }),
        trying,
        expect(180),
        expect(200, { containing: ['Session-Expires: 90;refresher=uac', 'Require: timer'] }),
        request('ACK', 1),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.answers()
      await adviser.hangsUp()
      await again.done
    })

    it('is renewed by the telephone through an hour: UPDATE at half of each interval', async () => {
      const { adviser, scripted, reconnect } = office()
      await reconnect('ws', { shortestSessionS: shortS })
      const telephone = await scripted('caller', [
        invite({ sdp: echoing(), headers: timed(`${shortS};refresher=uas`) }),
        trying,
        expect(180),
        expect(200, { containing: [`Session-Expires: ${shortS};refresher=uas`] }),
        request('ACK', 1),
        ...times(renewalsInAnHour, () => [
          receive('UPDATE', { containing: [`Session-Expires: ${shortS};refresher=uac`] }),
          reply('200 OK', { headers: [`Session-Expires: ${shortS};refresher=uac`, 'Require: timer'] }),
        ]),
        request('BYE', 2),
        expect(200),
      ])
      const line = await adviser.answers()
      await adviser.hears(adviserHz)
      await telephone.done
      const { at } = await adviser.ended()
      // Four renewals at half of the interval each: neither early nor in a rush.
      that(at - (line.times.answeredAt ?? 0)).toBeGreaterThan(renewalsInAnHour * (shortS / 2) * 1_000 - 300)
    })

    it('is renewed with re-INVITE where the far end takes no UPDATE', async () => {
      const { adviser, scripted } = office()
      const noUpdate = (steps: Step[]) =>
        steps.map(
          (step): Step =>
            (role) =>
              step(role).replaceAll('CANCEL, UPDATE, INFO', 'CANCEL, INFO'),
        )
      const telephone = await scripted('called', [
        receive('INVITE', { containing: ['Session-Expires: 1800', 'Supported: .*timer'] }),
        ...noUpdate([
          answer('200 OK', {
            sdp: echoing(),
            headers: [`Session-Expires: ${shortS};refresher=uac`, 'Require: timer'],
          }),
        ]),
        receive('ACK'),
        // The last answer wants no timer any more: what comes next is the end of the call, however late.
        ...times(2, (at) => [
          receive('INVITE', { containing: [`Session-Expires: ${shortS};refresher=uac`] }),
          ...noUpdate([
            reply('200 OK', {
              sdp: echoing('sendrecv', at + 2),
              headers: at === 1 ? [] : [`Session-Expires: ${shortS};refresher=uac`],
            }),
          ]),
          receive('ACK'),
        ]),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.calls(telephone.user)
      await adviser.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
      await adviser.until(`Date.now() - l.times.answeredAt > ${shortS * 1_000 + 500}`)
      await adviser.hears(adviserHz)
      await adviser.hangsUp()
      await telephone.done
    })

    it('ends the call when the far end was to renew it and stays silent', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        invite({ sdp: echoing(), headers: timed(`${shortS};refresher=uac`) }),
        trying,
        expect(180),
        expect(200, { containing: [`Session-Expires: ${shortS};refresher=uac`, 'Require: timer'] }),
        request('ACK', 1),
        request('INVITE', 2, { sdp: echoing('sendrecv', 2), headers: timed(`${shortS};refresher=uac`) }),
        trying,
        expect(200, { containing: [`Session-Expires: ${shortS};refresher=uac`] }),
        request('ACK', 2),
        request('UPDATE', 3, { headers: timed(`${shortS};refresher=uac`) }),
        expect(200, { containing: [`Session-Expires: ${shortS};refresher=uac`] }),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.answers()
      await telephone.done
      that(await adviser.ended()).toMatchObject({ reason: 'connection-lost', status: 408 })
    })

    it('ends the call when the far end no longer knows it (481)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        invite({ sdp: echoing(), headers: timed(`${shortS};refresher=uas`) }),
        trying,
        expect(180),
        expect(200),
        request('ACK', 1),
        receive('UPDATE'),
        reply('481 Call Does Not Exist'),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.answers()
      await telephone.done
      that(await adviser.ended()).toMatchObject({ reason: 'connection-lost' })
    })

    it('is asked for again with the interval that the far end wants (422)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('called', [
        receive('INVITE', { containing: ['Session-Expires: 1800'] }),
        answer('422 Session Interval Too Small', { headers: ['Min-SE: 2400'] }),
        receive('ACK'),
        receive('INVITE', { containing: ['Session-Expires: 2400', 'Min-SE: 2400'] }),
        answer('200 OK', {
          sdp: echoing(),
          headers: ['Session-Expires: 2400;refresher=uac', 'Require: timer'],
        }),
        receive('ACK'),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.calls(telephone.user)
      await adviser.until(`l.state.name === 'active'`)
      await adviser.hangsUp()
      await telephone.done
    })
  })
}
