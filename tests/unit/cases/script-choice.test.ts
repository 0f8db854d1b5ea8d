import { describe, expect, it } from 'vitest'
import { newDraft } from '#shared/cases/new-draft.ts'
import { redactDraft } from '#shared/cases/redaction.ts'
import { mustAskWhichCase, underScript } from '#shared/cases/script-choice.ts'
import type { Draft, ScriptRun } from '#shared/contract/draft.ts'

const at = '2026-11-03T10:00:00Z'
const runOf = (scriptId: string, answered: string[] = []): ScriptRun => ({
  scriptId,
  scriptVersion: 1,
  startedAt: at,
  answers: answered.map((stepId) => ({ stepId, value: true, at })),
})

const begun: Draft = newDraft({
  contactId: 'contact-1',
  startedAt: 0,
  channel: 'telephone',
  direction: 'inbound',
  residentId: 'resident-1',
  identity: { level: 'standard', method: 'name', at },
  run: runOf('missed-bin', ['greeting']),
  typed: { note: 'Lid broken', 'step.which-bin': 'rec' },
  disposition: 'case-raised',
  caseId: 'case-1',
})
const inHand = { title: 'Missed bin', notes: 'Which bin: Recycling.' }

describe('another script during a contact', () => {
  it('keeps the answers and half-typed words of the script that is left', () => {
    const draft = underScript(begun, inHand, runOf('library'), false)
    expect(draft.run).toEqual(runOf('library'))
    expect(draft.typed).toEqual({ note: 'Lid broken' })
    expect(draft.earlier).toEqual([
      {
        run: begun.run,
        ...inHand,
        caseId: 'case-1',
        disposition: 'case-raised',
        typed: { 'step.which-bin': 'rec' },
      },
    ])
  })

  it('carries the identity check over for the resident it was made for', () => {
    const given = { residentId: 'resident-1', check: begun.identity }
    expect(underScript(begun, inHand, runOf('library'), false).given).toEqual(given)
    const declined: Draft = { ...begun, identity: { level: 'none', method: 'declined', at } }
    expect(underScript(declined, inHand, runOf('library'), false).given).toBeNull()
  })

  it('makes a case of its own, or goes on with the one that was begun', () => {
    expect(underScript(begun, inHand, runOf('library'), false).caseId).toBeNull()
    expect(underScript(begun, inHand, runOf('library'), true).caseId).toBe('case-1')
  })

  it('restores answers, words, case and ending when the first script is chosen again', () => {
    const away = underScript(begun, inHand, runOf('library', ['hello']), false)
    const back = underScript(away, { title: 'Library', notes: '' }, runOf('missed-bin'), false)
    expect(back).toMatchObject({
      run: begun.run,
      typed: begun.typed,
      caseId: 'case-1',
      disposition: 'case-raised',
    })
    expect(back.earlier.map(({ run }) => run)).toEqual([runOf('library', ['hello'])])
  })

  it('leaves nothing behind when no script had been begun', () => {
    const draft = underScript({ ...begun, run: null }, null, runOf('library'), false)
    expect(draft.earlier).toEqual([])
  })

  it('asks which case only when one was begun and the other script has none of its own', () => {
    expect(mustAskWhichCase(begun, 'library')).toBe(true)
    expect(mustAskWhichCase({ ...begun, caseId: null }, 'library')).toBe(false)
    const away = { ...underScript(begun, inHand, runOf('library'), false), caseId: 'case-2' }
    expect(mustAskWhichCase(away, 'missed-bin')).toBe(false)
    expect(mustAskWhichCase(away, 'blue-badge')).toBe(true)
  })

  it('removes card numbers from what was left with a script, too', () => {
    const typed = { ...begun, typed: { 'step.what': '4111 1111 1111 1111' } }
    const left = redactDraft(
      underScript(typed, { title: 'Pay', notes: 'Card: 4111111111111111.' }, runOf('library'), false),
    )
    expect(JSON.stringify(left.earlier)).not.toContain('1111')
  })
})
