import { describe, it, expect as that } from 'vitest'
import { adviserHz, type Office, residentHz } from '../support/office.ts'
import {
  answer,
  answerKept,
  echoing,
  expect,
  invite,
  receive,
  reply,
  request,
  type Step,
  wait,
} from '../support/sipp-script.ts'

/** A call that the adviser has answered, as its caller plays it. */
const answered: readonly Step[] = [
  invite(),
  expect(100, { optional: true }),
  expect(180),
  expect(200),
  request('ACK', 1),
]
const hangsUp = (cseq: number): Step[] => [request('BYE', cseq), expect(200)]

export function dialogs(office: () => Office): void {
  describe('during a call', () => {
    it('is held by the resident and taken back (re-INVITE of baresip)', async () => {
      const { adviser, resident } = office()
      await resident.command('dial', 'adviser')
      await adviser.answers()
      await resident.command('hold')
      await adviser.until(`l.state.name === 'held' && l.state.by === 'resident'`)
      await resident.command('resume')
      await adviser.until(`l.state.name === 'active' && l.sound.inbound === 'flowing'`)
      await adviser.hears(residentHz)
    })

    it('is held by the adviser and taken back, and heard again', async () => {
      const { adviser, resident } = office()
      await resident.command('dial', 'adviser')
      const { id: lineId } = await adviser.answers()
      that(await adviser.execute({ name: 'hold', lineId })).toMatchObject({ ok: true })
      await adviser.until(`l.state.name === 'held' && l.state.by === 'adviser'`)
      that(await adviser.execute({ name: 'resume', lineId })).toMatchObject({ ok: true })
      await adviser.until(`l.state.name === 'active' && l.sound.inbound === 'flowing'`)
      await adviser.hears(residentHz)
    })

    it('answers OPTIONS and INFO, and NOTIFY, in the dialog and outside it, with the status each has', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        ...answered,
        wait(500),
        request('OPTIONS', 2),
        expect(200, { containing: ['Allow: .*UPDATE'] }),
        request('INFO', 3, { headers: ['Info-Package: dtmf'] }),
        expect(200),
        request('NOTIFY', 4, { headers: ['Event: talk', 'Subscription-State: active'] }),
        expect(200),
        request('NOTIFY', 5),
        expect(489),
        ...hangsUp(6),
      ])
      await adviser.answers()
      await telephone.done
      const outside = (method: string, status: number, headers: string[] = [], containing: string[] = []) =>
        scripted('caller', [
          () =>
            invite({ headers })('caller')
              .replaceAll('INVITE sip:', `${method} sip:`)
              .replace('CSeq: 1 INVITE', `CSeq: 1 ${method}`),
          expect(status, { containing }),
        ])
      await (await outside('OPTIONS', 200, [], ['Allow: .*INVITE', 'Accept: .*application/sdp'])).done
      await (await outside('NOTIFY', 481, ['Event: dialog', 'Subscription-State: active'])).done
      await (await outside('UPDATE', 481)).done
      await (await outside('PUBLISH', 501, ['Event: presence'], ['Allow: .*INVITE'])).done
    })

    it('answers UPDATE: without a description, and with one that holds the call', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        ...answered,
        wait(500),
        request('UPDATE', 2),
        expect(200, { containing: ['CSeq: 2 UPDATE'] }),
        request('UPDATE', 3, { sdp: echoing('sendonly', 2) }),
        expect(200, { containing: ['CSeq: 3 UPDATE', 'a=recvonly'] }),
        wait(800),
        request('UPDATE', 4, { sdp: echoing('sendrecv', 3) }),
        expect(200, { containing: ['CSeq: 4 UPDATE', 'a=sendrecv'] }),
        wait(1_000),
        ...hangsUp(5),
      ])
      await adviser.answers()
      await adviser.until(`l.state.name === 'held' && l.state.by === 'resident'`)
      await adviser.until(`l.state.name === 'active'`)
      await adviser.hears(adviserHz)
      await telephone.done
      that(await adviser.ended()).toMatchObject({ reason: 'hung-up-there' })
    })

    it('tries again when the far end renegotiates at the same moment (491 from there)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('called', [
        receive('INVITE'),
        answer('200 OK', { sdp: echoing() }),
        receive('ACK'),
        receive('INVITE', { containing: ['a=sendonly|a=inactive'] }),
        reply('491 Request Pending'),
        receive('ACK'),
        receive('INVITE', { containing: ['a=sendonly|a=inactive'] }),
        reply('200 OK', { sdp: echoing('recvonly', 2) }),
        receive('ACK'),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.calls(telephone.user)
      const { lines } = await adviser.until(`l.state.name === 'active'`)
      const lineId = lines[0]?.id ?? ''
      that(await adviser.execute({ name: 'hold', lineId })).toMatchObject({ ok: true })
      await adviser.until(`l.state.name === 'held'`)
      await adviser.hangsUp()
      await telephone.done
    })

    it('refuses a renegotiation while its own is under way (491 from here)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('called', [
        receive('INVITE'),
        answer('200 OK', { sdp: echoing() }),
        receive('ACK'),
        receive('INVITE', { kept: true }),
        request('INVITE', 101, { sdp: echoing('sendrecv', 2), transaction: 'glare' }),
        expect(100, { optional: true }),
        expect(491),
        request('ACK', 101, { transaction: 'glare' }),
        answerKept('200 OK', { sdp: echoing('recvonly', 3) }),
        receive('ACK'),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.calls(telephone.user)
      const { lines } = await adviser.until(`l.state.name === 'active'`)
      const lineId = lines[0]?.id ?? ''
      that(await adviser.execute({ name: 'hold', lineId })).toMatchObject({ ok: true })
      await adviser.until(`l.state.name === 'held'`)
      await adviser.hangsUp()
      await telephone.done
    })
  })

  describe('when the network is cut during a call', () => {
    it('keeps the sound, comes back, and hears the resident’s re-INVITE and BYE', async () => {
      const { adviser, resident, cable } = office()
      await resident.command('dial', 'adviser')
      await adviser.answers()
      cable.cut()
      await adviser.until(`l.signalling === 'lost'`)
      await adviser.hears(residentHz)
      cable.mend()
      await adviser.until(`l.signalling === 'up' && s.registration.name === 'registered'`)
      await adviser.hears(residentHz)
      await resident.command('hold')
      await adviser.until(`l.state.name === 'held' && l.state.by === 'resident'`)
      await resident.command('resume')
      await adviser.until(`l.state.name === 'active'`)
      await adviser.hears(residentHz)
      await resident.command('hangup')
      that(await adviser.ended()).toMatchObject({ reason: 'hung-up-there' })
    })
  })
}
