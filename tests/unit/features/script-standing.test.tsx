import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { createContactStore } from '#renderer/features/cases/contact-store.ts'
import { ScriptStanding, type ScriptStandingProps } from '#renderer/features/guidance/script-standing.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import type { ScriptView, WithdrawnScript } from '#shared/contract/records.ts'
import type { Me } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { ok } from '#shared/kernel/result.ts'
import { createFakeRecords } from '#tests/support/fake-records.ts'
import { sampleLine } from './phone-samples.ts'

const gone = (version: number): WithdrawnScript => ({
  version,
  at: '2026-11-03T09:40:00Z',
  why: 'Wrong fee.',
})

const script = {
  kind: 'script',
  id: 'missed-bin',
  version: 3,
  formatVersion: 1,
  title: 'Missed bin',
  cyReviewed: false,
  requires: { facts: [] },
  start: 'what',
  service: { lgsl: 524, lgil: 17, name: 'Missed bin' },
  aliases: { en: ['x'], cy: [] },
  subject: 'Missed bin',
  parts: [],
  steps: {
    what: { kind: 'ask', input: 'text', field: 'what', go: 'done' },
    done: { kind: 'outcome', disposition: 'case-raised', case: true, status: 'open' },
  },
  wording: {
    en: { what: { title: 'What', say: 'What is it?' }, done: { title: 'Done', say: 'Thank you.' } },
    cy: {},
  },
}

describe('a contact on a script that is withdrawn', () => {
  it('stays on its version, and the adviser is told as soon as the desk knows', async () => {
    const asked: (number | undefined)[] = []
    let standing: Pick<ScriptView, 'withdrawn' | 'insteadOf'> = { withdrawn: null, insteadOf: gone(4) }
    const records = {
      ...createFakeRecords({ scripts: {} }),
      script: async (_: string, version?: number) => {
        asked.push(version)
        return ok({ document: script, version: 3, asAt: 0, confirmedAt: 0, ...standing })
      },
    }
    const store = createContactStore({
      records,
      random: { next: () => 0, uuid: () => '00000000-0000-4000-8000-000000000001' },
      now: () => Date.parse('2026-11-03T10:00:00Z'),
      me: () =>
        ({
          council: { name: '', website: '', facts: {} },
          adviser: { name: '' },
          queues: [{ id: 'waste', scriptId: 'missed-bin' }],
        }) as unknown as Me,
    })
    const opened = new Promise<void>((resolve) => {
      store.subscribe(({ view }) => {
        if (view !== null) resolve()
      })
    })
    store.getState().followLines([sampleLine()])
    await opened
    expect(store.getState()).toMatchObject({ withdrawn: null, insteadOf: gone(4) })

    standing = { withdrawn: gone(3), insteadOf: gone(4) }
    await store.getState().refresh()
    expect(store.getState()).toMatchObject({ withdrawn: gone(3), draft: { run: { scriptVersion: 3 } } })
    expect(asked).toEqual([undefined, 3])
  })
})

describe('how a script stands', () => {
  const shown = (props: ScriptStandingProps) => renderToStaticMarkup(<ScriptStanding {...props} />)

  it('says nothing of a script in force while the council can be reached', () => {
    expect(shown({ withdrawn: null, insteadOf: null, knownUntil: null })).toBe('')
  })

  it('says why a version was withdrawn, and not also that a newer one was', () => {
    const text = shown({ withdrawn: gone(3), insteadOf: gone(4) })
    expect(text).toContain('withdrawn while you are on it')
    expect(text).toContain('Wrong fee.')
    expect(text).not.toContain('earlier version')
  })

  it('says that an earlier version is open because the newer one was withdrawn', () => {
    expect(shown({ insteadOf: gone(4) })).toMatch(/This is the earlier version.*Wrong fee\./)
  })

  it('says as at when, without a connection', () => {
    expect(shown({ knownUntil: Date.now() })).toMatch(/Script as at \d\d:\d\d/)
  })

  it('says why there is none when every version was withdrawn', () => {
    expect(errorWords(appError('cases/script-withdrawn', 'later', 'The service has ended.'))).toBe(
      'The council has withdrawn this script. Why: The service has ended.',
    )
  })
})
