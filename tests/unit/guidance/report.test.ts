import { describe, expect, it } from 'vitest'
import { viewRun } from '#shared/guidance/run.ts'
import { contextWith, goOn, libraryScript, matched, play, published, sketch, value } from './scripts.ts'

const missedBin = libraryScript('missed-bin')
const context = contextWith()

const assisted = play(missedBin, [
  ['greeting-hello', goOn],
  ['which-bin', value('refuse')],
  ['identity-check', matched],
  ['when-due', value('yesterday')],
  ['assisted', value('yes')],
  ['assisted-reach', value('not-sure')],
  ['assisted-needs', value('Uses a wheelchair, side gate')],
  ['assisted-next', goOn],
  ['closing-anything-else', value('no')],
  ['assisted-missed', goOn],
])

describe('notes', () => {
  it('write themselves, a line a fact, and leave sensitive answers out', () => {
    expect(viewRun(missedBin, assisted, context).notes).toBe(
      [
        'Which bin: Rubbish.',
        'Identity checked: standard (name, address).',
        'Collection was due: Monday 2 November 2026.',
        'Assisted collection: Yes.',
        'Crew could reach the bin: Not sure.',
        'Outcome: Assisted collection missed.',
        'Promised: A crew comes back as a priority, within 2 working days.',
      ].join('\n'),
    )
  })

  it('say when nobody was identified, and why', () => {
    const upTo = (input: Parameters<typeof play>[1]) =>
      viewRun(
        missedBin,
        play(missedBin, [['greeting-hello', goOn], ['which-bin', value('food')], ...input]),
        context,
      ).notes
    expect(upTo([['identity-check', { kind: 'declined' }]])).toContain('Identity not checked')
    const wrong = ['identity-check', { kind: 'identity', marks: { name: 'not-matched' } }] as const
    expect(upTo([wrong, wrong])).toContain('Identity not confirmed')
  })

  it('put the answer into a line of the script as it is', () => {
    const script = published(
      sketch(
        {
          said: { kind: 'ask', input: 'text', go: 'quiet' },
          quiet: { kind: 'ask', input: 'text', go: 'end' },
          end: { kind: 'outcome', disposition: 'done', case: false },
        },
        { en: { said: { note: 'Said to {council.name}: "{answer}"' }, quiet: { note: '' } } },
      ),
    )
    const run = play(script, [
      ['said', value('{adviser.name}\n is {answer}')],
      ['quiet', value('nothing')],
    ])
    expect(viewRun(script, run, context).notes).toBe('Said to Sample Council: "{adviser.name} is {answer}".')
  })
})

describe('the list of what was answered', () => {
  it('is in words, with sensitive answers hidden', () => {
    const answered = viewRun(missedBin, assisted, contextWith({ language: 'cy' })).answered
    expect(answered.map(({ title, value: words, sensitive }) => [title, words, sensitive])).toEqual([
      ['Greeting', 'Said', false],
      ['Which bin', 'Rubbish', false],
      ['Identity', 'Standard: name, address', false],
      ['Collection was due', 'Monday 2 November 2026', false],
      ['Assisted collection', 'Yes', false],
      ['Crew could reach the bin', 'Not sure', false],
      ['What the crew should know', 'Hidden', true],
      ['What happens next', 'Told', false],
      ['Anything else', 'No', false],
      ['Assisted collection missed', 'Finished', false],
    ])
  })
})

describe('the case', () => {
  it('is filled by the answers, with what the outcome adds', () => {
    expect(viewRun(missedBin, assisted, context).caseDraft).toEqual({
      subject: 'Assisted collection missed: Rubbish',
      status: 'open',
      fields: {
        binType: 'refuse',
        dueDate: '2026-11-02',
        assistedCollection: 'yes',
        crewCouldReachBin: 'not-sure',
        crewShouldKnow: 'Uses a wheelchair, side gate',
        priority: 'high',
      },
      fieldLabels: {
        binType: 'Bin',
        dueDate: 'Collection due',
        assistedCollection: 'Assisted collection',
        crewCouldReachBin: 'Crew could reach the bin',
        crewShouldKnow: 'What the crew should know',
        priority: 'Priority',
      },
      fieldWords: {
        binType: 'Rubbish',
        dueDate: 'Monday 2 November 2026',
        assistedCollection: 'Yes',
        crewCouldReachBin: 'Not sure',
        crewShouldKnow: 'Hidden',
        priority: 'high',
      },
    })
  })

  it('has the title of the script as its subject until the answers it quotes are known', () => {
    const early = play(missedBin, [['greeting-hello', goOn]])
    expect(viewRun(missedBin, early, context).caseDraft.subject).toBe('Missed bin collection')
    const known = play(missedBin, [['which-bin', value('garden')]], context, early)
    expect(viewRun(missedBin, known, context).caseDraft.subject).toBe('Missed bin: Garden waste')
  })

  it('leaves out what was passed over', () => {
    const passed = play(missedBin, [
      ['greeting-hello', goOn],
      ['which-bin', value('refuse')],
      ['identity-check', { kind: 'declined' }],
      ['missed-address', value('14 Elm Road')],
      ['when-due', value('yesterday')],
      ['assisted', value('yes')],
      ['assisted-reach', value('yes')],
      ['assisted-needs', { kind: 'skip' }],
    ])
    const view = viewRun(missedBin, passed, context)
    expect(view.caseDraft.fields).not.toHaveProperty('crewShouldKnow')
    expect(view.answered.find(({ stepId }) => stepId === 'assisted-needs')?.value).toBe('Hidden')
  })
})
