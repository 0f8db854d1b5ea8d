import { normaliseNumber } from '#shared/cases/candidates.ts'
import { subjectOf } from '#shared/cases/outbox.ts'
import type { FieldChoice, UnsentOperation } from '#shared/contract/records.ts'
import type { ConflictField, FieldValue, Operation } from '#shared/contract/rest.ts'
import type { Random } from '#shared/kernel/random.ts'
import { idsOf, type Names, partsOf, subjectWords, titleOf } from './operation-words.ts'

interface Made {
  /** ISO 8601. */
  readonly at: string
  readonly random: Random
}

/**
 * The change that brings about what was chosen, on `version`, the newest this desk knows; null when theirs stands
 * everywhere and nothing is left to send.
 */
export function decidedChange(
  operation: Operation,
  fields: readonly ConflictField[],
  choices: Readonly<Record<string, FieldChoice>>,
  version: number,
  { at, random }: Made,
): Operation | null {
  if (!('change' in operation)) return null
  const kept = fields.flatMap((field): readonly (readonly [string, FieldValue])[] => {
    const choice = choices[field.field] ?? { name: 'theirs' }
    if (choice.name === 'theirs') return []
    return [[field.field, choice.name === 'mine' ? field.mine : choice.value]]
  })
  if (kept.length === 0) return null
  if (operation.kind === 'resident.change') return onResident(operation, kept, version, { at, random })
  const own = kept.filter(([name]) => name.startsWith(ownPrefix))
  const direct = kept.filter(([name]) => !name.startsWith(ownPrefix))
  const change = {
    ...Object.fromEntries(direct),
    ...(own.length === 0
      ? {}
      : { fields: Object.fromEntries(own.map(([name, value]) => [name.slice(ownPrefix.length), value])) }),
  }
  return { ...operation, id: random.uuid(), at, baseVersion: version, change } as Operation
}

/** A clash of an address shows its lines; the change takes them as one. */
function onResident(
  operation: Extract<Operation, { kind: 'resident.change' }>,
  kept: readonly (readonly [string, FieldValue])[],
  version: number,
  { at, random }: Made,
): Operation {
  const change = kept.map(([name, value]) => {
    if (name === 'phones' && Array.isArray(value))
      return [name, value.flatMap((each) => normaliseNumber(each) ?? [])] as const
    if (name !== 'address' || !Array.isArray(value)) return [name, value] as const
    const [line1 = '', town = '', postcode = '', uprn = ''] = value
    return [name, { line1, town, postcode, uprn }] as const
  })
  return { ...operation, id: random.uuid(), at, baseVersion: version, change: Object.fromEntries(change) }
}

const ownPrefix = 'fields.'

/** The same operation with words put right, to be sent anew. `edits` are by the path of the part. */
export function corrected(
  operation: Operation,
  edits: Readonly<Record<string, FieldValue>>,
  version: number | null,
  { at, random }: Made,
): Operation {
  const copy = structuredClone(operation)
  for (const [path, value] of Object.entries(edits)) setAt(copy, path.split('.'), value)
  const newest = 'baseVersion' in copy && version !== null ? { baseVersion: version } : {}
  return { ...copy, ...newest, id: random.uuid(), at } as Operation
}

function setAt(target: object, [key, ...rest]: readonly string[], value: FieldValue): void {
  if (key === undefined) return
  const members = target as Record<string, unknown>
  const member = members[key]
  if (rest.length === 0) members[key] = value
  else if (member !== null && typeof member === 'object') setAt(member, rest, value)
}

/**
 * A note that says what could not be sent. `caseKnown`: the case is not itself waiting to be made by what is given up.
 */
export function asNote(
  operation: Operation,
  names: Names,
  caseKnown: boolean,
  { at, random }: Made,
): Operation {
  const { caseId, residentId, contactId } = idsOf(operation)
  const lines = partsOf(operation, names).map(({ label, words }) => `${label}: ${words}`)
  const text = [`Could not be sent: ${titleOf(operation)}, ${subjectWords(operation, names)}`, ...lines]
  return {
    kind: 'timeline.append',
    id: random.uuid(),
    at,
    entryId: random.uuid(),
    entry: {
      caseId: caseKnown ? caseId : null,
      residentId,
      contactId: operation.kind === 'contact.save' ? null : contactId,
      at,
      kind: 'note',
      text: text.join('\n'),
    },
  }
}

/** What becomes of other unsent work when an operation is given up. */
export interface GivenUp {
  /** It, and what would change a record that is not made then, in order of saving. */
  readonly lost: readonly UnsentOperation[]
  /** What only names that record: sent without it. */
  readonly freed: readonly UnsentOperation[]
}

export function givenUp(rows: readonly UnsentOperation[], operationId: string): GivenUp {
  const given = rows.find(({ operation }) => operation.id === operationId)
  if (given === undefined) return { lost: [], freed: [] }
  if (!given.operation.kind.endsWith('.create')) return { lost: [given], freed: [] }
  const made = subjectOf(given.operation)
  const others = rows.filter((row) => row !== given)
  const changes = others.filter(({ operation }) => subjectOf(operation) === made)
  const lost = rows.filter((row) => row === given || changes.includes(row))
  const freed = others.filter((row) => !changes.includes(row) && names(row.operation, idOf(made)))
  return { lost, freed }
}

const idOf = (subject: string): string => subject.slice(subject.indexOf(':') + 1)

const names = (operation: Operation, id: string): boolean => {
  const { caseId, residentId } = idsOf(operation)
  return caseId === id || residentId === id
}

/** The operation without the record that is not made, to be sent anew. */
export function withoutRecord(operation: Operation, made: Operation, random: Random): Operation {
  const id = idOf(subjectOf(made))
  const text = JSON.stringify(operation, (key, value: unknown) =>
    (key === 'caseId' || key === 'residentId') && value === id ? null : value,
  )
  return { ...(JSON.parse(text) as Operation), id: random.uuid() }
}
