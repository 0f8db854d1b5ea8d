import { describe, expect, it } from 'vitest'
import { mostUsedScripts } from '#shared/guidance/most-used.ts'

const entry = (id: string, withdrawn = false) => ({ id, version: 1, title: id, serviceCode: 1, withdrawn })
const ids = (scripts: ReturnType<typeof mostUsedScripts>) => scripts.map(({ id }) => id)

describe('the most used scripts', () => {
  const scripts = ['a', 'b', 'c', 'd', 'e'].map((id) => entry(id))

  it('follow today’s contacts, then the adviser’s queues, then the title', () => {
    const counts = [
      { scriptId: 'd', contacts: 2 },
      { scriptId: 'c', contacts: 5 },
    ]
    expect(ids(mostUsedScripts(scripts, counts, ['e', 'c'], 4))).toEqual(['c', 'd', 'e', 'a'])
  })

  it('never include a withdrawn script, or one that this desk does not have', () => {
    const counts = [
      { scriptId: 'gone', contacts: 9 },
      { scriptId: 'old', contacts: 8 },
    ]
    expect(ids(mostUsedScripts([...scripts, entry('old', true)], counts, [], 2))).toEqual(['a', 'b'])
  })
})
