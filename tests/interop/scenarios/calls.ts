import { describe, it, expect as that } from 'vitest'
import { adviserHz, type Office, residentHz } from '../support/office.ts'
import {
  answer,
  cancel,
  echoing,
  expect,
  invite,
  receive,
  refused,
  reply,
  request,
  wait,
} from '../support/sipp-script.ts'
import { shareOfTone } from '../support/sound.ts'

const trying = expect(100, { optional: true })

export function calls(office: () => Office): void {
  describe('a call from a resident', () => {
    it('is answered; each hears the other’s tone; the resident hangs up (baresip)', async () => {
      const { adviser, resident } = office()
      await resident.command('dial', 'adviser')
      await adviser.answers()
      await adviser.hears(residentHz)
      await resident.command('hangup')
      that(await adviser.ended()).toMatchObject({ reason: 'hung-up-there' })
      const [recording = ''] = (await resident.heard()).slice(-1)
      that(await shareOfTone(recording, adviserHz, 200)).toBeGreaterThan(0.8)
    })

    it('says who calls, and comes back as it was said (SIPp)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        invite(),
        trying,
        expect(180),
        expect(200),
        request('ACK', 1),
        receive('BYE'),
        reply('200 OK'),
      ])
      that((await adviser.rings()).remote).toEqual({
        number: '+441632960142',
        displayName: 'A. Okafor',
        withheld: false,
      })
      await adviser.answers()
      await adviser.hears(adviserHz)
      await adviser.hangsUp()
      await telephone.done
    })

    it('is given up by the resident before anyone answers', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        invite(),
        trying,
        expect(180),
        wait(100),
        cancel(),
        expect(200),
        ...refused(487),
      ])
      that(await adviser.ended()).toMatchObject({ reason: 'cancelled' })
      await telephone.done
    })

    it('is refused by the adviser', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [invite(), trying, expect(180), ...refused(486)])
      await adviser.rings()
      await adviser.hangsUp()
      that(await adviser.ended()).toMatchObject({ reason: 'rejected-here' })
      await telephone.done
    })

    it('is answered although the offer comes late, with the 200 and the ACK (RFC 3264 §5)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        invite({}),
        trying,
        expect(180),
        expect(200, { containing: ['m=audio [1-9]'] }),
        request('ACK', 1, { sdp: echoing() }),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.answers()
      await adviser.hears(adviserHz)
      await adviser.hangsUp()
      await telephone.done
    })

    it('is refused with what is wrong when it wants what the telephone cannot do', async () => {
      const asks = (status: number, headers: string[], containing: string[], sdp = echoing()) =>
        office().scripted('caller', [invite({ headers, sdp }), trying, ...refused(status, containing)])
      await (await asks(420, ['Require: nothing-knows-this'], ['Unsupported: nothing-knows-this'])).done
      const unknownCodec = echoing().replace('RTP/AVP 8 101', 'RTP/AVP 97 101').replace('8 PCMA', '97 AMR')
      await (await asks(488, [], [], unknownCodec)).done
    })
  })

  describe('a call from the adviser', () => {
    it('is answered; each hears the other’s tone; the adviser hangs up (baresip)', async () => {
      const { adviser, resident } = office()
      await adviser.calls('resident')
      await resident.event('CALL_INCOMING')
      await adviser.until(`l.state.name === 'dialling' && l.state.progress === 'ringing'`)
      await resident.command('accept')
      await adviser.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
      await adviser.hears(residentHz)
      await adviser.hangsUp()
      await resident.event('CALL_CLOSED')
    })

    it('is given up by the adviser before anyone answers', async () => {
      const { adviser, resident } = office()
      await adviser.calls('resident')
      await resident.event('CALL_INCOMING')
      await adviser.until(`l.state.name === 'dialling' && l.state.progress === 'ringing'`)
      await adviser.hangsUp()
      await resident.event('CALL_CLOSED')
    })

    const refusals: readonly (readonly [name: string, status: string, reason: string, headers: string[]])[] =
      [
        ['busy', '486 Busy Here', 'busy', []],
        ['not answered', '480 Temporarily Unavailable', 'no-answer', []],
        ['not known', '404 Not Found', 'not-found', []],
        ['declined', '603 Decline', 'refused', []],
        ['redirected', '302 Moved Temporarily', 'refused', ['Contact: <sip:+447700900123@example.org>']],
      ]
    it.each(refusals)(
      'is %s: said as it is, and nothing else is dialled',
      async (_name, status, reason, headers) => {
        const { adviser, scripted } = office()
        const telephone = await scripted('called', [
          receive('INVITE'),
          answer('180 Ringing'),
          wait(50),
          answer(status, { headers }),
          receive('ACK'),
        ])
        await adviser.calls(telephone.user)
        that(await adviser.ended()).toMatchObject({ reason, status: Number(status.slice(0, 3)) })
        await telephone.done
        that((await adviser.snapshot()).lines).toHaveLength(1)
      },
    )

    it('is refused by a switchboard that has too much to do (503 with Retry-After)', async () => {
      const { adviser } = office()
      await adviser.calls('overloaded')
      that(await adviser.ended()).toMatchObject({ reason: 'refused', status: 503 })
      that((await adviser.snapshot()).registration.name).toBe('registered')
    })

    it('lets the adviser hear early media before anyone answers', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('called', [
        receive('INVITE'),
        answer('183 Session Progress', { sdp: echoing() }),
        wait(1_500),
        answer('200 OK', { sdp: echoing() }),
        receive('ACK'),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.calls(telephone.user)
      await adviser.until(`l.state.name === 'dialling' && l.state.progress === 'early-media'`)
      await adviser.hears(adviserHz)
      await adviser.until(`l.state.name === 'active'`)
      await adviser.hears(adviserHz)
      await adviser.hangsUp()
      await telephone.done
    })

    it('is put through although a nonce is stale at first (407 twice)', async () => {
      const { adviser, scripted } = office()
      const challenge = (nonce: string, stale: string) =>
        answer('407 Proxy Authentication Required', {
          headers: [
            `Proxy-Authenticate: Digest realm="far.example.org", nonce="${nonce}", qop="auth"${stale}`,
          ],
        })
      const telephone = await scripted('called', [
        receive('INVITE'),
        challenge('old', ''),
        receive('ACK'),
        receive('INVITE', { containing: ['Proxy-Authorization: .*nonce="old"'] }),
        challenge('new', ', stale=true'),
        receive('ACK'),
        receive('INVITE', { containing: ['Proxy-Authorization: .*nonce="new"'] }),
        answer('200 OK', { sdp: echoing() }),
        receive('ACK'),
        receive('BYE'),
        reply('200 OK'),
      ])
      await adviser.calls(telephone.user)
      await adviser.until(`l.state.name === 'active'`)
      await adviser.hangsUp()
      await telephone.done
    })

    it('keeps one of two telephones that both answer, and hangs up the other (forking)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('called', [
        receive('INVITE'),
        reply('180 Ringing', { tag: ';tag=first' }),
        reply('180 Ringing', { tag: ';tag=second' }),
        wait(100),
        reply('200 OK', { tag: ';tag=first', sdp: echoing() }),
        reply('200 OK', { tag: ';tag=second', sdp: echoing() }),
        // Which of the two is acknowledged first is not said anywhere.
        receive('ACK', { optional: true }),
        receive('ACK', { optional: true }),
        receive('BYE', { containing: ['To: .*tag=second'] }),
        reply('200 OK'),
        receive('ACK', { optional: true }),
        receive('BYE', { containing: ['To: .*tag=first'] }),
        reply('200 OK'),
      ])
      await adviser.calls(telephone.user)
      // Not its sound: rtpengine lets the later of two answers through one branch have it.
      await adviser.until(`l.state.name === 'active'`)
      that((await adviser.snapshot()).lines).toHaveLength(1)
      await adviser.hangsUp()
      await telephone.done
    })
  })
}
