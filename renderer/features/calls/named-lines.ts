import { useEffect } from 'react'
import { useStore } from 'zustand'
import { describeNumber } from '#shared/calls/dial-target.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Directory } from '#shared/contract/rest.ts'
import { type CallsStore, linesOf } from './store.ts'
import type { TelephoneStore } from './telephone.ts'

/**
 * The lines with the directory's names for those who are asked and those to whom a call is passed on: the network seldom
 * says whose a number is. A member of the public stays a number, as nobody has been identified.
 */
export function namedLines(lines: readonly Line[], directory: Directory | null): readonly Line[] {
  const entries = directory?.entries ?? []
  const nameOf = (is: (number: string) => boolean) =>
    entries.find(({ number }) => number !== null && is(number))?.name
  return lines.map((line) => {
    const { remote, purpose, transfer } = line
    const asked = purpose.name === 'consult' ? nameOf((number) => number === remote.number) : undefined
    const to = transfer === null ? undefined : nameOf((number) => describeNumber(number) === transfer.to)
    return {
      ...line,
      remote: asked === undefined ? remote : { ...remote, displayName: asked },
      transfer: transfer === null || to === undefined ? transfer : { ...transfer, to },
    }
  })
}

/** The telephone's lines, named. A desk that was loaded again in the middle of a call reads the directory for it. */
export function useNamedLines(store: CallsStore, telephone: TelephoneStore): readonly Line[] {
  const lines = useStore(store, linesOf)
  const directory = useStore(telephone, (state) => state.directory)
  const wanted = lines.length > 0 && directory === null
  useEffect(() => {
    if (wanted) void telephone.getState().readDirectory()
  }, [wanted, telephone])
  return namedLines(lines, directory)
}
