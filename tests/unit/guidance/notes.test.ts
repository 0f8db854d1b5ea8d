import { describe, expect, it } from 'vitest'
import { accountLines, accountText, type NoteEdits, withEdit, withoutEdit } from '#shared/guidance/notes.ts'
import { reopenStep, viewRun } from '#shared/guidance/run.ts'
import { contextWith, play, published, sketch, value } from './scripts.ts'

const lines = [
  { key: 'bin', text: 'Bin: Food.' },
  { key: 'due', text: 'Due: Tuesday.' },
]

describe('the account of a contact', () => {
  it('is what the script writes until the adviser changes it', () => {
    expect(accountText(lines, {})).toBe('Bin: Food.\nDue: Tuesday.')
    expect(accountLines(lines, {}).some(({ edited }) => edited)).toBe(false)
  })

  it('keeps a changed line while other answers come', () => {
    const edits = withEdit(lines, {}, 'bin', 'Bin: Food, the lid is broken.')
    const more = [...lines, { key: 'street', text: 'Street: Elm Road.' }]
    expect(accountText(more, edits)).toBe('Bin: Food, the lid is broken.\nDue: Tuesday.\nStreet: Elm Road.')
    expect(accountLines(more, edits)[0]).toMatchObject({ edited: true, outdated: false })
  })

  it('says when the script would now write something else on a changed line', () => {
    const edits = withEdit(lines, {}, 'bin', 'Bin: Food, the lid is broken.')
    const after = [{ key: 'bin', text: 'Bin: Refuse.' }]
    expect(accountLines(after, edits)[0]).toEqual({
      key: 'bin',
      text: 'Bin: Food, the lid is broken.',
      composed: 'Bin: Refuse.',
      edited: true,
      outdated: true,
    })
  })

  it('keeps the adviser’s words of a line that the script no longer writes', () => {
    const edits = withEdit(lines, {}, 'due', 'Due Tuesday, before 7.')
    expect(accountLines([{ key: 'bin', text: 'Bin: Food.' }], edits)[1]).toEqual({
      key: 'due',
      text: 'Due Tuesday, before 7.',
      composed: null,
      edited: true,
      outdated: true,
    })
  })

  it('leaves out a line that was emptied, and brings back what the script writes', () => {
    const edits = withEdit(lines, {}, 'bin', '  ')
    expect(accountText(lines, edits)).toBe('Due: Tuesday.')
    expect(accountText(lines, withoutEdit(edits, 'bin'))).toBe('Bin: Food.\nDue: Tuesday.')
  })

  it('counts words typed as the script writes them as no change', () => {
    const edits = withEdit(lines, {}, 'bin', 'Bin: Foo.')
    expect(withEdit(lines, edits, 'bin', 'Bin: Food.')).toEqual({})
    expect(withEdit([], { gone: { text: 'x', of: 'y' } }, 'gone', '')).toEqual({})
  })
})

describe('lines that a script writes', () => {
  const script = published(
    sketch({
      bin: { kind: 'ask', input: 'choice', options: ['food', 'refuse'], go: 'health' },
      health: { kind: 'ask', input: 'text', sensitive: true, go: 'end' },
      end: { kind: 'outcome', disposition: 'done', case: false },
    }),
  )
  const context = contextWith()
  const run = play(script, [
    ['bin', value('food')],
    ['health', value('a private matter')],
  ])

  it('keep their key when the answer changes, and never hold a sensitive one', () => {
    const before = viewRun(script, run, context)
    const changed = play(script, [['bin', value('refuse')]], context, reopenStep(script, run, 'bin', context))
    const after = viewRun(script, changed, context)
    expect(before.noteLines.map(({ key }) => key)).toEqual(['bin'])
    expect(after.noteLines.map(({ key }) => key)).toEqual(['bin'])
    expect(before.noteLines[0]?.text).not.toBe(after.noteLines[0]?.text)
    expect(before.notes).toBe(before.noteLines.map(({ text }) => text).join('\n'))
    expect(JSON.stringify(before.noteLines)).not.toContain('private')
  })

  const edits: NoteEdits = { health: { text: 'typed by hand', of: '' } }
  it('take no words typed for a line they do not have out of the account', () => {
    expect(accountText(viewRun(script, run, context).noteLines, edits)).toContain('typed by hand')
  })
})
