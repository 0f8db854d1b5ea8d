import { describe, expect, test } from 'vitest'
import { createDialLinks, offerForDialLinks } from '#electron/main/os/dial-links.ts'
import { isTelephonyHeadset } from '#electron/main/os/headset-rules.ts'
import { isPermitted } from '#electron/main/os/permission-rules.ts'
import type { DialTarget } from '#shared/contract/phone.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { recordingLog } from './fakes.ts'

function setUp() {
  const asked: DialTarget[] = []
  const log = recordingLog()
  const links = createDialLinks({
    log,
    read: (link) =>
      link.endsWith('nobody') ? err('empty') : ok({ kind: 'internal', user: link.replace(/^\w+:/, '') }),
  })
  links.onAsk((target) => asked.push(target))
  return { links, asked, log }
}

describe('links to dial', () => {
  test('wait for a desk that asks, and are told once', () => {
    const { links, asked } = setUp()
    links.openedWith(['adviser-desktop', '--flag', 'tel:101'])
    expect(asked).toEqual([])
    expect(links.take()).toEqual({ kind: 'internal', user: '101' })
    expect(links.take()).toBeNull()
  })

  test('are asked about at once while a desk listens, and wait again when it is gone', () => {
    const { links, asked } = setUp()
    links.take()
    links.opened('sip:desk@example.org')
    expect(asked).toEqual([{ kind: 'internal', user: 'desk@example.org' }])
    links.deskGone()
    links.opened('tel:101')
    expect(asked).toHaveLength(1)
    expect(links.take()).toEqual({ kind: 'internal', user: '101' })
  })

  test.each(['https://example.org', 'tel:nobody', `tel:${'1'.repeat(400)}`, 'file:///etc/passwd', ''])(
    'that are none are dropped: %.30s',
    (link) => {
      const { links } = setUp()
      links.opened(link)
      expect(links.take()).toBeNull()
    },
  )

  test('leave nothing of themselves in the log', () => {
    const { links, log } = setUp()
    links.opened('tel:+441632960142nobody')
    expect(JSON.stringify(log.lines)).not.toContain('960142')
  })

  test.each([
    ['win32', true, ['tel', 'sip', 'sips']],
    ['darwin', true, ['tel', 'sip', 'sips']],
    ['linux', true, []],
    ['win32', false, []],
  ] as const)('are asked for on %s, installed: %s', (platform, isPackaged, schemes) => {
    const taken: string[] = []
    offerForDialLinks(
      { isPackaged, setAsDefaultProtocolClient: (scheme: string) => taken.push(scheme) > 0 },
      platform,
    )
    expect(taken).toEqual(schemes)
  })
})

describe('WebHID', () => {
  const usage = (...usagePages: number[]) => ({
    vendorId: 0x0b0e,
    collections: usagePages.map((usagePage) => ({ usagePage })),
  })

  test('gives telephony headsets and nothing else', () => {
    expect(isTelephonyHeadset(usage(0x0c, 0x0b))).toBe(true)
    expect(isTelephonyHeadset(usage(0x01))).toBe(false)
    expect(isTelephonyHeadset(usage(0xf1d0))).toBe(false)
    expect(isTelephonyHeadset({ vendorId: 0x0b0e })).toBe(false)
  })

  test.each([
    ['phone', 'app://bundle', true],
    ['desk', 'app://bundle', false],
    [undefined, 'app://bundle', false],
    ['phone', 'https://example.org', false],
  ] as const)('is for %s of %s: %s', (page, origin, given) => {
    expect(isPermitted({ permission: 'hid', origin, mediaTypes: [], page })).toBe(given)
  })
})
