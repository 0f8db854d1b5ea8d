import { describe, expect, it } from 'vitest'
import { Schemes } from '#build/standin/schemes.ts'

function schemes(): Schemes {
  const made = new Schemes()
  made.register([{ scheme: 'app', privileges: { standard: true, secure: true } }])
  return made
}

describe('Schemes', () => {
  it.each([
    ['app://bundle/', 'https://bundle.app.internal/'],
    ['app://bundle/desk/index.html?a=1#x', 'https://bundle.app.internal/desk/index.html?a=1#x'],
  ])('shows %s to Chromium as %s, and back', (app, chromium) => {
    expect(schemes().toChromium(app)).toBe(chromium)
    expect(schemes().toApp(chromium)).toBe(app)
  })

  it.each([
    'https://council.example.org/app',
    'file:///index.html',
    'about:blank',
    'https://x.other.internal/',
  ])('leaves %s as it is', (url) => {
    expect(schemes().toChromium(url)).toBe(url)
    expect(schemes().toApp(url)).toBe(url)
    expect(schemes().schemeOf(url)).toBeUndefined()
  })

  it('adds the path that a standard scheme always has', () => {
    expect(schemes().toChromium('app://bundle')).toBe('https://bundle.app.internal/')
  })

  it('says in a policy what Chromium has to check', () => {
    expect(schemes().policyToChromium("default-src app: 'self'; img-src app://bundle data:")).toBe(
      "default-src https://*.app.internal 'self'; img-src https://bundle.app.internal data:",
    )
  })

  it('refuses by name a scheme that would not be a secure origin', () => {
    const register = () => new Schemes().register([{ scheme: 'app', privileges: { standard: true } }])
    expect(register).toThrow(
      'stand-in: a scheme that is not both standard and secure (app) is not implemented',
    )
  })
})
