import { describe, expect, it } from 'vitest'
import { causesOf } from '#shared/calls/flight-causes.ts'
import type { FlightEvent } from '#shared/contract/call-report.ts'

type Source = FlightEvent['source']
const at = (
  seconds: number,
  source: Source,
  what: string,
  facts: FlightEvent['facts'] = {},
): FlightEvent => ({ at: seconds * 1_000, source, what, facts })

const lost = (seconds: number) => at(seconds, 'sip', 'signalling lost')
const up = (seconds: number) => at(seconds, 'sip', 'signalling up')
const heard = (seconds: number, is: string) => at(seconds, 'sound', 'sound from the caller', { is })
const spoken = (seconds: number, is: string) => at(seconds, 'sound', 'sound to the caller', { is })
const quality = (seconds: number, alerts: string) => at(seconds, 'quality', 'quality', { alerts })

describe('causes', () => {
  it('are none for a call that went well', () => {
    const events = [at(0, 'state', 'line ringing'), at(1, 'state', 'line active'), heard(1, 'flowing')]
    expect(causesOf([...events, at(60, 'state', 'line ended', { reason: 'hung-up-there' })])).toEqual([])
  })

  it('name a changed network once, until the sound returned', () => {
    const events = [
      at(10, 'network', 'network changed'),
      heard(10.2, 'silent'),
      lost(10.5),
      up(12),
      heard(13, 'flowing'),
    ]
    expect(causesOf(events)).toEqual([{ code: 'network-changed', from: 10_000, until: 13_000 }])
  })

  it('name a network that was away, and came back', () => {
    const events = [
      at(10, 'network', 'network offline'),
      lost(11),
      at(30, 'network', 'network online'),
      up(32),
      heard(32.4, 'flowing'),
    ]
    expect(causesOf(events)).toEqual([{ code: 'network-changed', from: 10_000, until: 32_000 }])
  })

  it('name sleep before the lost connection that came of it', () => {
    const events = [
      at(10, 'desk', 'computer suspended'),
      at(40, 'desk', 'computer resumed'),
      lost(41),
      heard(41, 'silent'),
      up(43),
      heard(43.5, 'flowing'),
    ]
    expect(causesOf(events)).toEqual([{ code: 'computer-slept', from: 10_000, until: 43_500 }])
  })

  it('know from its close code that the switchboard was restarted', () => {
    const events = [at(5, 'network', 'socket closed', { code: 1012 }), lost(5), up(8)]
    expect(causesOf(events)).toEqual([{ code: 'switchboard-restarted', from: 5_000, until: 8_000 }])
  })

  it('take a switchboard that could not be reached for restarted, when the council could', () => {
    const registration = (seconds: number, is: string) => at(seconds, 'network', 'registration', { is })
    const away = [
      lost(5),
      registration(5, 'waiting'),
      registration(5.2, 'connecting'),
      registration(5.3, 'waiting'),
      registration(7, 'connecting'),
      registration(7.2, 'registered'),
      up(7.4),
    ]
    expect(causesOf(away)).toEqual([{ code: 'switchboard-restarted', from: 5_000, until: 7_400 }])
    const councilToo = [
      ...away.slice(0, 4),
      at(6, 'network', 'council', { is: 'unreachable' }),
      ...away.slice(4),
    ]
    expect(causesOf(councilToo)).toMatchObject([{ code: 'connection-lost' }])
    expect(causesOf([lost(5), registration(5, 'waiting'), up(6)])).toMatchObject([
      { code: 'connection-lost' },
    ])
  })

  it('tell a lost connection that nothing else explains, with the silence that came of it', () => {
    expect(causesOf([lost(5), heard(7, 'silent'), up(9), heard(9.5, 'flowing')])).toEqual([
      { code: 'connection-lost', from: 5_000, until: 9_500 },
    ])
  })

  it('tell on which side there was no sound, when the connection was well', () => {
    expect(causesOf([heard(5, 'silent'), spoken(60, 'silent'), spoken(62, 'flowing')])).toEqual([
      { code: 'no-sound-from-caller', from: 5_000, until: null },
      { code: 'no-sound-to-caller', from: 60_000, until: 62_000 },
    ])
  })

  it('join bad moments to one stretch of poor network', () => {
    const events = [
      quality(5, 'jitter'),
      quality(8, ''),
      quality(11, 'loss mos'),
      quality(15, 'microphone-constant'),
      quality(40, 'round-trip'),
      quality(50, ''),
    ]
    expect(causesOf(events)).toEqual([
      { code: 'poor-network', from: 5_000, until: 15_000 },
      { code: 'microphone-muted-at-device', from: 15_000, until: 40_000 },
      { code: 'poor-network', from: 40_000, until: 50_000 },
    ])
  })

  it('tell a microphone that went and one that changed', () => {
    const events = [
      at(5, 'device', 'microphone', { is: 'failed' }),
      at(6, 'device', 'microphone', { is: 'live' }),
      at(6, 'device', 'another microphone in use'),
    ]
    expect(causesOf(events)).toEqual([
      { code: 'microphone-lost', from: 5_000, until: 6_000 },
      { code: 'microphone-changed', from: 6_000, until: 6_000 },
    ])
  })

  it('tell how a call was lost', () => {
    expect(causesOf([at(9, 'state', 'line ended', { reason: 'media-failed' })])).toMatchObject([
      { code: 'no-common-codec' },
    ])
    expect(causesOf([at(9, 'desk', 'telephone restarted')])).toMatchObject([{ code: 'call-lost' }])
    expect(causesOf([at(9, 'desk', 'desk loaded')])).toMatchObject([{ code: 'desk-restarted', until: 9_000 }])
  })
})
