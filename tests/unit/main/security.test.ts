import { describe, expect, test } from 'vitest'
import { appFileAt } from '#electron/main/os/app-files.ts'
import {
  connectSources,
  contentSecurityPolicy,
  securityHeaders,
} from '#electron/main/os/content-security-policy.ts'
import { mayNavigate } from '#electron/main/os/navigation-rules.ts'
import { isPermitted } from '#electron/main/os/permission-rules.ts'
import { allowOwnScripts } from '#renderer/platform/bridge/own-scripts.ts'

const live = (url: string) => ({ mode: 'live', council: { name: 'A', url } }) as const

describe('app:// addresses', () => {
  test.each([
    ['app://bundle/desk.html', '/dist/renderer/desk.html', 'text/html; charset=utf-8'],
    ['app://bundle/desk.html?a=1#b', '/dist/renderer/desk.html', 'text/html; charset=utf-8'],
    [
      'app://bundle/assets/desk-B1_x-9.js',
      '/dist/renderer/assets/desk-B1_x-9.js',
      'text/javascript; charset=utf-8',
    ],
    ['app://bundle/assets/inter.woff2', '/dist/renderer/assets/inter.woff2', 'font/woff2'],
    ['app://bundle/assets/ring.wav', '/dist/renderer/assets/ring.wav', 'audio/wav'],
  ])('%s is %s', (url, path, mimeType) => {
    expect(appFileAt(url, '/dist/renderer')).toEqual({ path, mimeType })
  })

  test.each([
    'app://bundle/',
    'app://bundle/assets/',
    'app://bundle/../electron/main.js',
    'app://bundle/assets/../../main.js',
    'app://bundle/%2e%2e/electron/main.js',
    'app://bundle/..%2felectron/main.js',
    'app://bundle/..%5celectron%5cmain.js',
    'app://bundle/%252e%252e/main.js',
    'app://bundle/assets//main.js',
    'app://bundle//etc/passwd.txt',
    'app://bundle/C:/Windows/win.js',
    'app://bundle/.secret.json',
    'app://bundle/desk.html%00.png',
    'app://bundle/desk%',
    'app://bundle/desk.exe',
    'app://bundle/desk',
    'app://other/desk.html',
    'app://bundle.evil/desk.html',
    'file:///etc/passwd.txt',
  ])('%s is no file', (url) => {
    expect(appFileAt(url, '/dist/renderer')).toBeUndefined()
  })
})

describe('content security policy', () => {
  test('lets practice pages reach this computer alone', () => {
    expect(connectSources({ mode: 'practice' })).toEqual(['http://127.0.0.1:*', 'ws://127.0.0.1:*'])
  })

  test('lets live pages reach the council’s origin and encrypted switchboards', () => {
    expect(connectSources(live('https://desk.example.org/api/'))).toEqual([
      'https://desk.example.org',
      'wss:',
    ])
  })

  test('allows a plain switchboard only where the council itself is asked without encryption', () => {
    expect(connectSources(live('http://127.0.0.1:4040'))).toEqual([
      'http://127.0.0.1:4040',
      'wss:',
      'ws://127.0.0.1:*',
    ])
  })

  test('allows nothing inline, no eval, and no source it does not name', () => {
    const policy = contentSecurityPolicy(['wss:'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'self' wss:;")
    expect(policy).not.toMatch(/unsafe|data:|\*/)
    const names = policy.split('; ').map((directive) => directive.split(' ')[0])
    expect(names).toEqual(
      expect.arrayContaining(['base-uri', 'form-action', 'frame-ancestors', 'object-src', 'worker-src']),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  test('goes out with the headers that close the other doors', () => {
    expect(securityHeaders('p')).toMatchObject({
      'Content-Security-Policy': 'p',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
    })
  })
})

describe('rule for script addresses', () => {
  test('lets pages load the app’s own assets as scripts and nothing else', () => {
    const rules: ((url: string) => string | null)[] = []
    const trustedTypes = {
      createPolicy: (_name: string, rule: { createScriptURL(url: string): string | null }) =>
        rules.push(rule.createScriptURL),
    }
    allowOwnScripts({ trustedTypes, location: { origin: 'app://bundle' } })
    const [mayLoad = () => null] = rules
    expect(mayLoad('app://bundle/assets/worker-1.js')).toBe('app://bundle/assets/worker-1.js')
    for (const url of [
      'app://bundle/x.js',
      'app://bundle.evil/assets/x.js',
      'https://evil.example.org/assets/x.js',
      'blob:app://bundle/1',
      'data:text/javascript,1',
    ]) {
      expect(mayLoad(url), url).toBeNull()
    }
  })

  test('text becomes a document to be read, and mark-up of a page never', () => {
    const rules: ((text: string, type: string, sink: string) => string | null)[] = []
    const trustedTypes = {
      createPolicy: (
        _name: string,
        rule: { createHTML(text: string, type: string, sink: string): string | null },
      ) => rules.push(rule.createHTML),
    }
    allowOwnScripts({ trustedTypes, location: { origin: 'app://bundle' } })
    const [mayParse = () => null] = rules
    expect(mayParse('<a/>', 'TrustedHTML', 'DOMParser parseFromString')).toBe('<a/>')
    for (const sink of ['Element innerHTML', 'Document write', 'Range createContextualFragment'])
      expect(mayParse('<a/>', 'TrustedHTML', sink)).toBeNull()
  })
})

describe('permissions', () => {
  const origin = 'app://bundle/phone.html'

  test.each([
    ['media', ['audio']],
    ['speaker-selection', []],
    ['local-network', []],
    ['loopback-network', []],
    ['local-network-access', []],
  ])('%s %j is for our own pages alone', (permission, mediaTypes) => {
    expect(isPermitted({ permission, origin, mediaTypes })).toBe(true)
    expect(isPermitted({ permission, origin: 'app://bundle', mediaTypes })).toBe(true)
    for (const stranger of ['https://evil.example.org/', 'app://other/', 'app://bundle.evil/', 'null', '']) {
      expect(isPermitted({ permission, origin: stranger, mediaTypes }), stranger).toBe(false)
    }
  })

  test.each([
    ['media', ['video']],
    ['media', ['audio', 'video']],
    ['media', []],
    ['display-capture', []],
    ['geolocation', []],
    ['notifications', []],
    ['clipboard-read', []],
    ['hid', []],
    ['openExternal', []],
    ['fullscreen', []],
    ['something-new', []],
  ])('%s %j is denied', (permission, mediaTypes) => {
    expect(isPermitted({ permission, origin, mediaTypes })).toBe(false)
  })
})

describe('navigation', () => {
  test.each([
    ['app://bundle/desk.html', 'app://bundle/desk.html', true],
    ['app://bundle/desk.html#a', 'app://bundle/desk.html?b', true],
    ['app://bundle/desk.html', 'app://bundle/phone.html', false],
    ['app://bundle/desk.html', 'app://bundle/assets/x.html', false],
    ['app://bundle/desk.html', 'https://desk.example.org/', false],
    ['app://bundle/desk.html', 'javascript:alert(1)', false],
    ['app://bundle/desk.html', 'file:///etc/passwd', false],
    ['', 'https://desk.example.org/', false],
    ['about:blank', 'about:blank', false],
  ])('from %j to %j: %j', (from, to, isAllowed) => {
    expect(mayNavigate(from, to)).toBe(isAllowed)
  })
})
