import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDeskMemory } from '#electron/main/windows/desk-memory.ts'
import { paper } from '#electron/main/windows/paper.ts'
import { createRevival } from '#electron/main/windows/revival.ts'
import { minimumSize, openingBounds } from '#electron/main/windows/window-bounds.ts'
import { fakeClock, recordingLog, temporaryFolder } from './fakes.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1040 }
const second = { x: 1920, y: 0, width: 2560, height: 1400 }

describe('where the desk opens', () => {
  test('centred the first time', () => {
    expect(openingBounds(undefined, [screen])).toEqual({ x: 240, y: 70, width: 1440, height: 900 })
  })

  test('where it was left, also on the second screen', () => {
    const saved = { x: 2000, y: 30, width: 1600, height: 1000 }
    expect(openingBounds(saved, [screen, second])).toEqual(saved)
  })

  test('in the middle of the first screen, in its old size, when the second screen is gone', () => {
    const saved = { x: 2000, y: 30, width: 1600, height: 1000 }
    expect(openingBounds(saved, [screen])).toEqual({ x: 160, y: 20, width: 1600, height: 1000 })
  })

  test('with its title bar within reach', () => {
    const saved = { x: 100, y: -300, width: 1400, height: 900 }
    expect(openingBounds(saved, [screen]).y).toBeGreaterThanOrEqual(0)
  })

  test('never smaller than the desk is laid out for, and never larger than the screen', () => {
    expect(openingBounds({ x: 0, y: 0, width: 300, height: 300 }, [screen])).toMatchObject({
      width: 1280,
      height: 720,
    })
    const small = { x: 0, y: 0, width: 1024, height: 700 }
    expect(openingBounds(undefined, [small])).toEqual(small)
    expect(minimumSize(small)).toEqual({ width: 1024, height: 700 })
    expect(minimumSize(second)).toEqual({ width: 1280, height: 720 })
  })
})

describe('the window’s background', () => {
  test('is the page’s own in both themes', () => {
    const tokens = readFileSync(join(import.meta.dirname, '../../../renderer/ui/tokens.css'), 'utf8')
    const inPage = [...tokens.matchAll(/--paper: (#[0-9a-f]{6})/g)].map((match) => match[1])
    expect(new Set(inPage)).toEqual(new Set([paper.light, paper.dark]))
  })
})

describe('how the desk was left', () => {
  test('is remembered over a restart', async () => {
    const file = join(temporaryFolder(), 'desk-window.json')
    const memory = createDeskMemory(file, recordingLog())
    memory.set({ theme: 'dark' })
    memory.set({ isMaximized: true })
    await memory.flush()
    expect(createDeskMemory(file, recordingLog()).get()).toEqual({ theme: 'dark', isMaximized: true })
  })

  test.each(['', '{', '[]', '{"theme":"pink"}', '{"bounds":{"x":0}}'])(
    'is forgotten when the file says %j',
    (text) => {
      const file = join(temporaryFolder(), 'desk-window.json')
      writeFileSync(file, text)
      expect(createDeskMemory(file, recordingLog()).get()).toEqual({})
    },
  )

  test('keeps the last of many changes', async () => {
    const file = join(temporaryFolder(), 'desk-window.json')
    const memory = createDeskMemory(file, recordingLog())
    for (let x = 0; x < 50; x += 1) memory.set({ bounds: { x, y: 0, width: 1280, height: 720 } })
    await memory.flush()
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ bounds: { x: 49 } })
  })
})

describe('a page that died', () => {
  test('is loaded again at once, and later each time it dies again soon', () => {
    const clock = fakeClock()
    const revival = createRevival(clock)
    expect(Array.from({ length: 7 }, () => revival.nextDelayMs())).toEqual([
      0, 500, 1000, 2000, 4000, 8000, 10_000,
    ])
    clock.advance(60_000)
    expect(revival.nextDelayMs()).toBe(0)
  })
})
