import { describe, expect, it } from 'vitest'
import { readInteropArguments } from '#build/test/interop.ts'

describe('the arguments of the interop suite', () => {
  it('name the seed and the number of mutated messages, and leave the rest to Vitest', () => {
    expect(readInteropArguments(['--seed', '7', '--messages', '300', '--', '-t', 'hold'])).toEqual({
      ok: true,
      value: {
        environment: { ADVISER_DESKTOP_FUZZ_SEED: '7', ADVISER_DESKTOP_FUZZ_MESSAGES: '300' },
        rest: ['--', '-t', 'hold'],
      },
    })
  })

  it('mean ten thousand messages when they say nothing', () => {
    expect(readInteropArguments([])).toEqual({
      ok: true,
      value: { environment: { ADVISER_DESKTOP_FUZZ_MESSAGES: '10000' }, rest: [] },
    })
  })

  it('are refused when they are not understood', () => {
    expect(readInteropArguments(['--seed', 'x']).ok).toBe(false)
    expect(readInteropArguments(['--sed', '1']).ok).toBe(false)
  })
})
