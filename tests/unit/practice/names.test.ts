import { describe, expect, it } from 'vitest'
import type { Connection } from '#electron/practice/switchboard/connections.ts'
import { createNames } from '#electron/practice/switchboard/names.ts'

function connection(id: number): Connection & { isOpen: boolean } {
  return { id, side: 'desk', account: null, isOpen: true, send() {} }
}

describe('the names of telephones', () => {
  it('follow a telephone to its new connection, and not back to an older one that still says something', () => {
    const names = createNames()
    const [old, fresh] = [connection(1), connection(2)]
    names.learn('desk.invalid', old)
    names.learn('desk.invalid', fresh)
    names.learn('desk.invalid', old)
    expect(names.open('desk.invalid')).toBe(fresh)
    expect(names.forget(old)).toEqual([])
    expect(names.open('desk.invalid')).toBe(fresh)
  })

  it('take an older connection when the newer one is closed', () => {
    const names = createNames()
    const [old, fresh] = [connection(1), connection(2)]
    names.learn('desk.invalid', fresh)
    fresh.isOpen = false
    names.learn('desk.invalid', old)
    expect(names.open('desk.invalid')).toBe(old)
  })
})
