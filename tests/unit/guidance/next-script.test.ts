import { describe, expect, it } from 'vitest'
import { startNext } from '#shared/guidance/next-script.ts'
import { startRun, viewRun } from '#shared/guidance/run.ts'
import { contextWith, currentId, goOn, libraryScript, now, play } from './scripts.ts'

const enquiry = libraryScript('general-enquiry')
const badge = libraryScript('blue-badge')
const context = contextWith()

describe('a script that a contact changes to', () => {
  it('does not greet again, and says that the greeting was said', () => {
    const greeted = play(enquiry, [['greeting-hello', goOn]])
    const run = startNext(badge, now, { script: enquiry, run: greeted }, context)
    expect(currentId(badge, run)).toBe('what-for')
    expect(viewRun(badge, run, context).answered.map(({ title }) => title)).toEqual(['Greeting'])
  })

  it('greets when nobody did', () => {
    const left = { script: enquiry, run: startRun(enquiry, now) }
    for (const before of [null, left])
      expect(currentId(badge, startNext(badge, now, before, context))).toBe('greeting-hello')
  })

  it('greets in its own words where they are others', () => {
    const other = structuredClone(badge)
    const words = other.wording.en['greeting-hello']
    if (words !== undefined) Object.assign(words, { say: 'Blue Badges, good morning.' })
    const greeted = play(enquiry, [['greeting-hello', goOn]])
    const run = startNext(other, now, { script: enquiry, run: greeted }, context)
    expect(currentId(other, run)).toBe('greeting-hello')
  })
})
