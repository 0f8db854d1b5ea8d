import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import {
  type Demo,
  type DemoMain,
  type DemoPage,
  launchDemo,
  newUserData,
} from '#tests/support/standin-demo/launch-demo.ts'

// The demo in tests/support/standin-demo is an ordinary Electron app: what holds here should hold on Electron too.

let demo: Demo

/** Sets what the demo allows, and forgets what happened so far. */
const reset = () =>
  demo.app.evaluate(() => {
    const state = (globalThis as unknown as DemoMain).demo
    Object.assign(state, { allowMicrophone: true, allowNetwork: true, vetoClose: false })
    for (const list of [state.events, state.permissions, state.opened]) list.length = 0
  })
const events = () => demo.app.evaluate(() => (globalThis as unknown as DemoMain).demo.events)

beforeAll(async () => {
  demo = await launchDemo(newUserData())
})
afterAll(() => demo?.app.close())
beforeEach(reset)

describe('the bridge', () => {
  it('is there before the first script of the page', async () => {
    expect(await demo.desk.evaluate(() => (globalThis as unknown as DemoPage).bridgeAtStart)).toBe('object')
  })

  it('keeps the preload and its globals out of reach of the page', async () => {
    const seen = await demo.desk.evaluate(() => {
      const { leaked, require } = globalThis as unknown as DemoPage
      return { leaked: typeof leaked, require: typeof require, process: typeof globalThis.process }
    })
    expect(seen).toEqual({ leaked: 'undefined', require: 'undefined', process: 'undefined' })
  })

  it('answers a plain function at once, from the preload as it is now', async () => {
    expect(await demo.desk.evaluate(() => (globalThis as unknown as DemoPage).bridge.countLetters())).toBe(12)
  })

  it('cannot be changed by the page', async () => {
    const changed = await demo.desk.evaluate(() => {
      const page = globalThis as unknown as Record<string, unknown> & DemoPage
      const attempts = [
        () => Object.assign(page.bridge, { invoke: () => 'mine' }),
        () => Object.assign(page, { bridge: { invoke: () => 'mine' } }),
      ]
      return attempts.filter((attempt) => {
        try {
          attempt()
          return true
        } catch {
          return false
        }
      }).length
    })
    expect(changed).toBe(0)
  })

  it('carries to a handler and back whatever structured clone carries', async () => {
    const kept = await demo.desk.evaluate(async () => {
      const sent = {
        date: new Date(86_400_000),
        map: new Map<unknown, unknown>([[1, new Set(['a'])]]),
        bytes: new Uint8Array([0, 127, 255]),
        words: new Uint16Array([1, 65_535]),
        big: 2n ** 70n,
        odd: [undefined, null, Number.NaN, -0, Number.POSITIVE_INFINITY],
        error: new RangeError('too long'),
        self: undefined as unknown,
      }
      sent.self = sent
      const { bridge } = globalThis as unknown as DemoPage
      const got = (await bridge.invoke('echo', sent)) as typeof sent
      return [
        got.date.getTime() === 86_400_000,
        (got.map.get(1) as Set<string>).has('a'),
        got.bytes instanceof Uint8Array && got.bytes.join() === '0,127,255',
        got.words instanceof Uint16Array && got.words.join() === '1,65535',
        got.big === 2n ** 70n,
        got.odd.length === 5 &&
          got.odd[0] === undefined &&
          Object.is(got.odd[3], -0) &&
          Number.isNaN(got.odd[2]),
        got.error.message === 'too long',
        got.self === got,
      ]
    })
    expect(kept).toEqual(kept.map(() => true))
  })

  it('refuses to carry a function to the main process', async () => {
    const refusal = await demo.desk.evaluate(() => {
      const { bridge } = globalThis as unknown as DemoPage
      return bridge.invoke('echo', { call: () => 1 }).catch((error: Error) => error.message)
    })
    expect(refusal).toContain('could not be cloned')
  })

  it.each([
    ['fail', "Error invoking remote method 'fail': TypeError: no such resident"],
    ['nobody', "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'"],
  ])('rejects an invoke of %s with the message Electron gives', async (channel, message) => {
    const rejection = demo.desk.evaluate(
      (name) =>
        (globalThis as unknown as DemoPage).bridge.invoke(name).catch((error: Error) => error.message),
      channel,
    )
    expect(await rejection).toBe(message)
  })

  it('hears what the main process sends until it stops listening', async () => {
    const heard = await demo.desk.evaluate(async () => {
      const { bridge } = globalThis as unknown as DemoPage
      const counts: number[] = []
      const first = new Promise((resolve) => {
        const stop = bridge.onPong((count) => {
          counts.push(count)
          stop()
          resolve(undefined)
        })
      })
      bridge.ping(1)
      await first
      bridge.ping(10)
      // The answer to a later invoke comes after the pong nobody should hear.
      await bridge.invoke('echo')
      return counts
    })
    expect(heard).toEqual([2])
  })

  it('tells handlers which app:// page asks, in which frame', async () => {
    const sender = await demo.desk.evaluate(() => (globalThis as unknown as DemoPage).bridge.invoke('sender'))
    expect(sender).toEqual({ url: 'app://bundle/index.html', isMainFrame: true })
  })
})

describe('the app scheme', () => {
  it('enforces the policy in the headers of a response', async () => {
    const seen = await demo.desk.evaluate(async () => ({
      inlineRan: (globalThis as unknown as DemoPage).inlineRan ?? false,
      elsewhere: await fetch('https://elsewhere.example.org/').catch((error: Error) => error.name),
    }))
    expect(seen).toEqual({ inlineRan: false, elsewhere: 'TypeError' })
  })

  it('serves a worker shared by the pages, and its requests', async () => {
    const answer = await demo.desk.evaluate(() =>
      (globalThis as unknown as DemoPage).askWorker({ kind: 'fetch', url: '/api' }),
    )
    expect(answer).toEqual({ method: 'POST', body: 'from the worker' })
  })

  it('keeps working while the network is away', async () => {
    const context = demo.app.context()
    await context.setOffline(true)
    const status = await demo.desk.evaluate(() => fetch('/api').then((response) => response.status))
    await context.setOffline(false)
    expect(status).toBe(200)
  })
})

describe('permissions', () => {
  const openMicrophone = () => demo.desk.evaluate(() => (globalThis as unknown as DemoPage).microphone())

  it('asks the app before the microphone is used', async () => {
    expect(await openMicrophone()).toBe('1 track')
    const asked = await demo.app.evaluate(() => (globalThis as unknown as DemoMain).demo.permissions)
    expect(asked).toEqual([{ permission: 'media', url: 'app://bundle/index.html', mediaTypes: ['audio'] }])
  })

  it('has Chromium refuse what the app refuses', async () => {
    await demo.app.evaluate(() => {
      ;(globalThis as unknown as DemoMain).demo.allowMicrophone = false
    })
    expect(await openMicrophone()).toBe('NotAllowedError')
  })

  it('lets pages reach loopback when the app allows it, and only then', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))))
    await once(server, 'listening')
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
    const echo = () =>
      demo.desk.evaluate(
        (address) =>
          (globalThis as unknown as DemoPage)
            .echoOverWebSocket(address, 'hello')
            .catch((error: Error) => error.message),
        url,
      )
    const reloadAllowing = async (allowed: boolean) => {
      await demo.app.evaluate((_electron, value) => {
        ;(globalThis as unknown as DemoMain).demo.allowNetwork = value
      }, allowed)
      await demo.desk.reload()
    }
    const answers: string[] = [await echo()]
    await reloadAllowing(false)
    answers.push(await echo())
    await reloadAllowing(true)
    answers.push(await echo())
    server.close()
    expect(answers).toEqual(['hello', 'no connection', 'hello'])
  })
})

describe('network requests', () => {
  it('can be cancelled and have their answers changed by the app', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('access-control-allow-origin', '*')
      response.end('from the network')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await demo.app.evaluate(({ session }) => {
      const { webRequest } = session.defaultSession
      webRequest.onBeforeRequest({ urls: ['http://127.0.0.1:*/cancelled'] }, (_details, callback) =>
        callback({ cancel: true }),
      )
      webRequest.onHeadersReceived({ urls: ['http://127.0.0.1:*/*'] }, ({ responseHeaders }, callback) =>
        callback({ responseHeaders: { ...responseHeaders, 'content-language': ['cy'] } }),
      )
    })
    const get = (path: string) =>
      demo.desk.evaluate(
        (url) =>
          fetch(url).then(
            async (response) => `${response.headers.get('content-language')} ${await response.text()}`,
            (error: Error) => error.name,
          ),
        `http://127.0.0.1:${port}/${path}`,
      )
    const answers = [await get('read'), await get('cancelled')]
    await demo.app.evaluate(({ session }) => {
      session.defaultSession.webRequest.onBeforeRequest(null)
      session.defaultSession.webRequest.onHeadersReceived(null)
    })
    server.close()
    expect(answers).toEqual(['cy from the network', 'TypeError'])
  })
})

describe('navigation', () => {
  it('stays when the app prevents will-navigate, and goes where it does not', async () => {
    await demo.desk.click('#away')
    await vi.waitFor(async () => expect(await events()).toEqual(['will-navigate https://away.example.org/']))
    expect(demo.desk.url()).toMatch(/index\.html$/)

    await demo.desk.click('#second')
    await demo.desk.waitForURL(/second\.html$/)
    expect(await events()).toContain('will-navigate app://bundle/second.html')
    await demo.desk.goBack()
    await demo.desk.waitForURL(/index\.html$/)
  })

  it('opens no window the app denies, and leaves the opener alive', async () => {
    await demo.desk.evaluate(() => void window.open('https://away.example.org/help'))
    await vi.waitFor(() => expect(demo.app.windows()).toHaveLength(2))
    const opened = await demo.app.evaluate(() => (globalThis as unknown as DemoMain).demo.opened)
    expect(opened).toEqual(['https://away.example.org/help'])
    expect(await demo.desk.title()).toBe('Demo')
  })
})

describe('a load that fails', () => {
  it('rejects with the error Electron gives, and leaves the page usable', async () => {
    const outcome = await demo.app.evaluate(async () => {
      const { hidden } = (globalThis as unknown as DemoMain).demo
      const failure = await hidden.loadURL('app://bundle/missing.html').catch((error: Error) => error.message)
      await hidden.loadURL('app://bundle/hidden.html')
      return [failure, hidden.webContents.getURL()]
    })
    expect(outcome).toEqual([
      "ERR_FAILED (-2) loading 'app://bundle/missing.html'",
      'app://bundle/hidden.html',
    ])
  })
})

describe('windows', () => {
  it('have the size the app asked for and follow when it changes', async () => {
    const size = () => demo.desk.evaluate(() => [innerWidth, innerHeight])
    expect(await size()).toEqual([900, 700])
    const window = await demo.app.browserWindow(demo.desk)
    await window.evaluate((it) => it.setSize(1_280, 720))
    await vi.waitFor(async () => expect(await size()).toEqual([1_280, 720]))
  })

  it('zoom like a browser: fewer CSS pixels, each denser', async () => {
    const metrics = () => demo.hidden.evaluate(() => [innerWidth, innerHeight, devicePixelRatio])
    const zoom = (factor: number) =>
      demo.app.evaluate((_electron, value) => {
        ;(globalThis as unknown as DemoMain).demo.hidden.webContents.setZoomFactor(value)
      }, factor)
    await zoom(2)
    await vi.waitFor(async () => expect(await metrics()).toEqual([450, 350, 2]))
    await zoom(1)
    await vi.waitFor(async () => expect(await metrics()).toEqual([900, 700, 1]))
  })

  it('stay open when the app prevents their closing', async () => {
    await demo.app.evaluate(() => {
      const { demo } = globalThis as unknown as DemoMain
      demo.vetoClose = true
      demo.window.close()
    })
    expect(await events()).toEqual(['close'])
    expect(await demo.desk.title()).toBe('Demo')
  })

  it('follow the theme the app chooses', async () => {
    const isDark = () => demo.desk.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    expect(await isDark()).toBe(false)
    await demo.app.evaluate(({ nativeTheme }) => {
      nativeTheme.themeSource = 'dark'
    })
    await vi.waitFor(async () => expect(await isDark()).toBe(true))
  })
})

describe('a hidden page', () => {
  it('holds a call whose voice arrives', async () => {
    const energy = await demo.hidden.evaluate(() => (globalThis as unknown as DemoPage).callAndMeasure())
    expect(energy).toBeGreaterThan(0.001)
  })

  it('shares the worker with the visible one', async () => {
    const pages = await demo.hidden.evaluate(async () => {
      const { port } = new SharedWorker('worker.js', { type: 'module', name: 'notes' })
      const answer = new Promise((resolve) => {
        port.onmessage = ({ data }) => resolve(data)
      })
      port.postMessage({ kind: 'pages' })
      return answer
    })
    expect(pages).toBeGreaterThan(1)
  })

  it('can crash, which the app is told, and come back', async () => {
    const run = (code: string) =>
      demo.app.evaluate((_electron, script) => {
        const { demo } = globalThis as unknown as DemoMain
        return demo.hidden.webContents.executeJavaScript(script)
      }, code)
    await demo.app.evaluate(() =>
      (globalThis as unknown as DemoMain).demo.hidden.webContents.forcefullyCrashRenderer(),
    )
    await vi.waitFor(async () => expect(await events()).toEqual(['gone crashed']))
    await demo.app.evaluate(() => (globalThis as unknown as DemoMain).demo.hidden.webContents.reload())
    await vi.waitFor(async () => expect(await events()).toEqual(['gone crashed', 'did-finish-load']))
    expect(await run('bridge.countLetters()')).toBe(12)
  })
})

describe('the main process', () => {
  it('talks to a utility process and learns how it ended', async () => {
    const told = await demo.desk.evaluate(() =>
      (globalThis as unknown as DemoPage).bridge.invoke('ask utility', { question: new Map([['a', 1]]) }),
    )
    expect(told).toMatchObject({ answer: { args: ['--demo'] }, code: 143 })
  })

  it('is told by name what this runtime lacks', async () => {
    const refusals = await demo.app.evaluate(async (electron) => {
      const { demo } = globalThis as unknown as DemoMain
      const attempts = [
        () => electron.Tray,
        () => electron.app.getGPUInfo('basic'),
        () => demo.window.setKiosk(true),
        () => demo.window.webContents.printToPDF({}),
      ]
      return attempts.map((attempt) => {
        try {
          return attempt()
        } catch (error) {
          return String(error)
        }
      })
    })
    expect(refusals).toEqual([
      'Error: stand-in: electron.Tray is not implemented',
      'Error: stand-in: app.getGPUInfo is not implemented',
      'Error: stand-in: browserWindow.setKiosk is not implemented',
      'Error: stand-in: webContents.printToPDF is not implemented',
    ])
  })

  it('remembers what it would have had the system do', async () => {
    const calls = await demo.app.evaluate(async ({ shell }) => {
      await shell.openExternal('https://council.example.org/')
      return (globalThis as unknown as { __standin: { calls: unknown[] } }).__standin.calls
    })
    expect(calls).toContainEqual({ api: 'shell.openExternal', args: ['https://council.example.org/'] })
  })
})
