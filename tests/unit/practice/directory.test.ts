import { expect, it } from 'vitest'
import { directoryEntries } from '#electron/practice/council/seed/directory.ts'
import { colleagues } from '#shared/practice/colleagues.ts'
import { libraryFiles, libraryParts } from '../guidance/scripts.ts'

interface Named {
  readonly steps: Readonly<Record<string, { readonly to?: readonly string[] }>>
}

it('has everybody whom a script of the library passes a call on to, and somebody answers', () => {
  const documents = [...libraryFiles().map(({ content }) => content), ...libraryParts()] as Named[]
  const named = new Set(
    documents.flatMap(({ steps }) => Object.values(steps).flatMap(({ to = [] }) => [...to])),
  )
  expect(named.size).toBeGreaterThan(15)
  const unknown = [...named].filter((id) => !directoryEntries.some((entry) => entry.id === id))
  expect(unknown).toEqual([])

  const outsideTheCouncil = new Set(['out-of-hours'])
  const reached = colleagues.flatMap(({ user, numbers }) => [user, ...numbers])
  for (const entry of directoryEntries.filter(({ id }) => named.has(id) && !outsideTheCouncil.has(id)))
    expect(reached, entry.name).toContain(entry.user ?? entry.number)
})
