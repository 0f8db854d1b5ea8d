import { expect, it } from 'vitest'
import { fitOnScreen } from '#build/standin/fit-on-screen.ts'

const screen = { x: 0, y: 20, width: 1440, height: 880 }

it('leaves a window alone that fits', () => {
  const bounds = { x: 100, y: 40, width: 900, height: 700 }
  expect(fitOnScreen(bounds, screen)).toEqual(bounds)
})

it('moves a window onto the screen, and makes one smaller that is larger than it', () => {
  expect(fitOnScreen({ x: 800, y: 0, width: 900, height: 700 }, screen)).toEqual({
    x: 540,
    y: 20,
    width: 900,
    height: 700,
  })
  expect(fitOnScreen({ x: 240, y: 70, width: 1600, height: 900 }, screen)).toEqual({
    x: 0,
    y: 20,
    width: 1440,
    height: 880,
  })
})
