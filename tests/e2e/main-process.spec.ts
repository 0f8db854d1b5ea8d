import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Bridge, RequestName, RequestOf } from '#shared/contract/ipc.ts'
import { expect, type TestedApp, test } from '#tests/support/app.ts'

declare global {
  interface Window {
    readonly bridge: Bridge
    hacked?: number
  }
}

// Live mode with nobody signed in: what is tested here needs no council, and practice takes seconds to start.
const config = join(tmpdir(), `adviser-desktop-config-${process.pid}.json`)
const args = [`--config=${config}`]
test.use({ appOptions: { args } })
test.beforeAll(() =>
  writeFileSync(
    config,
    '{ "mode": "live", "council": { "name": "Anytown Council", "url": "http://127.0.0.1:40404" } }',
  ),
)
test.afterAll(() => rmSync(config, { force: true }))

const ask = <N extends RequestName>(page: Page, name: N, request: RequestOf<N>) =>
  page.evaluate(([asked, what]) => window.bridge.invoke(asked, what as never), [name, request] as const)

const logOf = (app: TestedApp) => readFileSync(join(app.userDataFolder, 'logs/adviser-desktop.log'), 'utf8')

const crash = (app: TestedApp, page: 'desk' | 'phone') =>
  app.current.electron.evaluate(({ BrowserWindow }, name) => {
    const window = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().includes(name))
    window?.webContents.forcefullyCrashRenderer()
  }, `${page}.html`)

/** Asked of the main process, because Playwright's own handle of a page ends with its first crash. */
const bridgeOf = (app: TestedApp, page: 'desk' | 'phone') =>
  app.current.electron.evaluate(async ({ BrowserWindow }, name) => {
    const window = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().includes(name))
    return window?.webContents.executeJavaScript('typeof window.bridge + " " + document.readyState')
  }, `${page}.html`)

test.describe('a page', () => {
  test.use({
    appOptions: { args, expectedProblems: [/Content Security Policy|TrustedScript|TrustedHTML|Framing|404/] },
  })

  test('has the bridge and nothing of Node', async ({ desk, phone }) => {
    for (const page of [desk, phone]) {
      const found = await page.evaluate(() => [
        ...['require', 'process', 'Buffer', 'module'].filter((name) => name in globalThis),
        ...Object.keys(window.bridge),
      ])
      expect(found).toEqual(['invoke', 'on'])
    }
  })

  test('turns no text into script or mark-up, and loads nothing from elsewhere', async ({ desk }) => {
    const outcome = await desk.evaluate(async () => {
      const attempt = (run: () => unknown) => {
        try {
          run()
          return 'done'
        } catch (error) {
          return error instanceof Error ? error.name : 'thrown'
        }
      }
      const script = document.createElement('script')
      const style = document.createElement('style')
      style.textContent = 'html { outline: 7px solid red }'
      document.head.append(style)
      return {
        inlineScript: attempt(() => {
          script.textContent = 'window.hacked = 1'
          document.body.append(script)
        }),
        markup: attempt(() => {
          document.createElement('div').innerHTML = '<img src="x" onerror="window.hacked = 1">'
        }),
        handler: attempt(() => document.body.setAttribute('onclick', 'window.hacked = 1')),
        foreignWorker: attempt(() => new Worker('data:text/javascript,1')),
        outline: getComputedStyle(document.documentElement).outlineStyle,
        elsewhere: await fetch('https://example.org/').then(
          () => 'done',
          () => 'refused',
        ),
        hacked: window.hacked,
      }
    })
    expect(outcome).toEqual({
      inlineScript: 'TypeError',
      markup: 'TypeError',
      handler: 'TypeError',
      foreignWorker: 'TypeError',
      outline: 'none',
      elsewhere: 'refused',
      hacked: undefined,
    })
  })

  test('reads no file but its own', async ({ desk }) => {
    const status = await desk.evaluate(async () => {
      const answers = ['/desk.html', '/..%2felectron%2fmain.cjs', '/assets/none.js'].map(async (path) => {
        const response = await fetch(path)
        return `${response.status} ${response.headers.get('content-security-policy')?.slice(0, 18)}`
      })
      return Promise.all(answers)
    })
    const policy = "default-src 'none'"
    expect(status).toEqual([`200 ${policy}`, `404 ${policy}`, `404 ${policy}`])
  })

  test('goes nowhere, opens nothing and embeds nothing', async ({ app, desk }) => {
    const address = desk.url()
    await desk.evaluate(() => {
      window.open('https://example.org/')
      const frame = document.createElement('iframe')
      frame.src = '/phone.html'
      document.body.append(frame)
      location.href = 'https://example.org/'
    })
    await expect.poll(() => logOf(app)).toContain('navigation/refused {"what":"page"}')
    expect(logOf(app)).toContain('navigation/refused {"what":"window"}')
    expect(desk.url()).toBe(address)
    expect(app.current.electron.windows()).toHaveLength(2)
    const inFrame = await desk.evaluate(() => {
      const frame = document.querySelector('iframe')
      try {
        return typeof frame?.contentWindow?.bridge
      } catch {
        return 'out of reach'
      }
    })
    expect(inFrame).not.toBe('object')
  })

  test('is given the microphone and neither camera nor place nor notifications', async ({ phone }) => {
    const given = await phone.evaluate(async () => {
      const media = (wanted: MediaStreamConstraints) =>
        navigator.mediaDevices.getUserMedia(wanted).then(
          (stream) => stream.getTracks().map(({ kind }) => kind),
          (error: DOMException) => error.name,
        )
      return {
        microphone: await media({ audio: true }),
        camera: await media({ video: true }),
        both: await media({ audio: true, video: true }),
        place: await new Promise((resolve) =>
          navigator.geolocation.getCurrentPosition(
            () => resolve('given'),
            ({ code }) => resolve(code),
          ),
        ),
        notifications: await Notification.requestPermission(),
      }
    })
    expect(given).toEqual({
      microphone: ['audio'],
      camera: 'NotAllowedError',
      both: 'NotAllowedError',
      place: 1,
      notifications: 'denied',
    })
  })

  test('is refused what the contract gives to the other page, or to nobody', async ({ desk, phone }) => {
    expect(await ask(desk, 'vault.dataKey', {})).toMatchObject({ error: { code: 'ipc/wrong-sender' } })
    expect(await ask(phone, 'practice.status', {})).toMatchObject({ error: { code: 'ipc/wrong-sender' } })
    expect(await ask(phone, 'vault.dataKey', {})).toMatchObject({ error: { code: 'session/signed-out' } })
    expect(await ask(desk, 'files.read' as 'app.info', {})).toMatchObject({
      error: { code: 'ipc/unknown-request' },
    })
    expect(await ask(desk, 'session.signIn', { username: '', password: '' })).toMatchObject({
      error: { code: 'ipc/wrong-arguments' },
    })
  })
})

test.describe('a page that dies', () => {
  test.use({ appOptions: { args, expectedProblems: [/the page crashed/] } })

  for (const page of ['phone', 'desk'] as const) {
    test(`is loaded again at once: ${page}`, async ({ app, desk, phone }) => {
      await Promise.all([desk.waitForLoadState(), phone.waitForLoadState()])
      await crash(app, page)
      await expect.poll(() => logOf(app)).toContain(`"page":"${page}"`)
      await expect.poll(() => bridgeOf(app, page)).toBe('object complete')
    })
  }
})

test('a second start shows the first desk and ends', async ({ app, desk }) => {
  await desk.waitForLoadState()
  const [file = '', ...sameArgs] = app.current.electron.process().spawnargs
  const second = spawn(
    file,
    sameArgs.filter((arg) => !/^--(inspect|remote-debugging)/.test(arg)),
    { stdio: 'ignore' },
  )
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
  expect(await desk.evaluate(() => document.readyState)).toBe('complete')
})

test('a wrong config file is named in the window, with the field and the fix', async ({ app, desk }) => {
  await desk.waitForLoadState()
  const file = join(app.userDataFolder, 'wrong.json')
  writeFileSync(
    file,
    '{ "mode": "live", "council": { "name": "Anytown Council", "url": "desk.example.org" } }',
  )
  await app.relaunch({ args: [`--config=${file}`] })
  const page = await app.page('desk')
  await expect(page.getByText(file)).toBeVisible()
  await expect(page.getByText('“council.url” must be an address that begins with https://')).toBeVisible()
  await expect(page.getByText('Write "url": "https://desk.example.org"', { exact: false })).toBeVisible()
  expect(app.current.electron.windows()).toHaveLength(1)
})
