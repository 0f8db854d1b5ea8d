import { describe, it, expect as that } from 'vitest'
import { adviserHz, type Office } from '../support/office.ts'
import {
  answer,
  echoing,
  expect,
  invite,
  receive,
  reply,
  request,
  type Step,
  wait,
} from '../support/sipp-script.ts'

const trying = expect(100, { optional: true })
const answered: readonly Step[] = [invite(), trying, expect(180), expect(200), request('ACK', 1)]
/** The adviser holds whom they pass on. */
const isHeld: readonly Step[] = [
  receive('INVITE', { containing: ['a=sendonly|a=inactive'] }),
  reply('200 OK', { sdp: echoing('recvonly', 2) }),
  receive('ACK'),
]
const news = (cseq: number, status: string, state: string): Step[] => [
  (role) =>
    request('NOTIFY', cseq, {
      headers: ['Event: refer', `Subscription-State: ${state}`],
      sdp: `SIP/2.0 ${status}`,
    })(role).replace('application/sdp', 'message/sipfrag;version=2.0'),
  expect(200),
]
const byes: readonly Step[] = [receive('BYE'), reply('200 OK')]

export function transfers(office: () => Office): void {
  describe('passing a call on', () => {
    it('connects the resident with whom they are passed on to, and leaves (REFER, followed by baresip)', async () => {
      const { adviser, resident, scripted } = office()
      const colleague = await scripted('called', [
        receive('INVITE'),
        answer('200 OK', { sdp: echoing() }),
        receive('ACK'),
        ...byes,
      ])
      await resident.command('dial', 'adviser')
      const { id: lineId } = await adviser.answers()
      const target = { kind: 'internal', user: colleague.user } as const
      that(await adviser.execute({ name: 'transfer', lineId, target })).toMatchObject({ ok: true })
      that(await adviser.ended()).toMatchObject({ reason: 'transferred' })
      await resident.command('hangup')
      await colleague.done
    })

    it('brings the resident back, on hold, with the reason when nobody takes the call', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        ...answered,
        ...isHeld,
        receive('REFER', { containing: ['Refer-To: .*nobody'] }),
        reply('202 Accepted'),
        ...news(2, '100 Trying', 'active'),
        ...news(3, '486 Busy Here', 'terminated;reason=noresource'),
        ...byes,
      ])
      const { id: lineId } = await adviser.answers()
      const target = { kind: 'internal', user: 'nobody' } as const
      that(await adviser.execute({ name: 'transfer', lineId, target })).toMatchObject({ ok: true })
      const { lines } = await adviser.until(`l.transfer?.name === 'failed'`)
      that(lines[0]).toMatchObject({ state: { name: 'held' }, transfer: { reason: 'busy', status: 486 } })
      await adviser.hangsUp()
      await telephone.done
    })

    it('connects the resident with whom the adviser asked first (REFER with Replaces)', async () => {
      const { adviser, scripted } = office()
      const telephone = await scripted('caller', [
        ...answered,
        ...isHeld,
        receive('REFER', { containing: ['Refer-To: .*Replaces=', 'to-tag', 'from-tag'] }),
        reply('202 Accepted'),
        ...news(2, '200 OK', 'terminated;reason=noresource'),
        ...byes,
      ])
      const colleague = await scripted('called', [
        receive('INVITE'),
        answer('200 OK', { sdp: echoing() }),
        receive('ACK'),
        ...byes,
      ])
      const { id: lineId } = await adviser.answers()
      const target = { kind: 'internal', user: colleague.user } as const
      that(await adviser.execute({ name: 'consult', lineId, target })).toMatchObject({ ok: true })
      await adviser.until(
        `l.purpose.name === 'consult' && l.state.name === 'active' && l.times.twoWayAt !== null`,
      )
      await adviser.hears(adviserHz)
      that(await adviser.execute({ name: 'completeTransfer', lineId })).toMatchObject({ ok: true })
      await adviser.until(
        `s.lines.every((each) => each.state.name === 'ended' && each.state.reason === 'transferred')`,
      )
      await telephone.done
      await colleague.done
    })
  })

  describe('being passed on', () => {
    it('calls whom the far end names only when the adviser agrees, and tells the far end (REFER from there)', async () => {
      const { adviser, scripted } = office()
      const colleague = await scripted('called', [
        receive('INVITE'),
        answer('200 OK', { sdp: echoing() }),
        receive('ACK'),
        ...byes,
      ])
      const telephone = await scripted('caller', [
        ...answered,
        wait(300),
        request('REFER', 2, { headers: [`Refer-To: <sip:${colleague.user}@example.org>`] }),
        expect(202),
        receive('NOTIFY', { containing: ['SIP/2.0 100'] }),
        reply('200 OK'),
        ...isHeld,
        receive('NOTIFY', { containing: ['SIP/2.0 200'] }),
        reply('200 OK'),
        request('BYE', 3),
        expect(200),
      ])
      const { id: lineId } = await adviser.answers()
      await adviser.until(`l.referral !== null`)
      that((await adviser.snapshot()).lines).toHaveLength(1)
      that(await adviser.execute({ name: 'acceptReferral', lineId })).toMatchObject({ ok: true })
      await adviser.until(`s.lines.length === 2 && l.state.name === 'active' && l.times.twoWayAt !== null`)
      await telephone.done
      await adviser.hangsUp()
      await colleague.done
    })

    it('takes over a call that takes the place of another (INVITE with Replaces)', async () => {
      const { adviser, scripted } = office()
      const first = await scripted('caller', [...answered, ...byes])
      await adviser.answers()
      const { callId, ownTag, farTag } = await adviser.dialog()
      const second = await scripted('caller', [
        invite({
          sdp: echoing(),
          headers: [`Replaces: ${callId};to-tag=${ownTag};from-tag=${farTag}`, 'Require: replaces'],
        }),
        trying,
        expect(180, { optional: true }),
        expect(200),
        request('ACK', 1),
        ...byes,
      ])
      await first.done
      await adviser.until(`l.state.name === 'active' && l.times.twoWayAt !== null && s.lines.length === 2`)
      await adviser.hears(adviserHz)
      await adviser.hangsUp()
      await second.done
    })
  })

  describe('over TLS', () => {
    it('registers, is called and heard (wss with a certificate of its own)', async () => {
      const { adviser, reconnect, resident } = office()
      await reconnect('wss')
      await resident.command('dial', 'adviser')
      await adviser.answers()
      await adviser.hears(1_000)
      await adviser.hangsUp()
      await resident.event('CALL_CLOSED')
    })
  })
}
