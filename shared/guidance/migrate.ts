/*
 * Documents of older formats, made into the present one. What a version brought:
 *
 *   2  owner, reviewBy and escalation of a script; decision tables; ages of facts; what lookup, pay, transfer and
 *      escalate are about
 *   3  `before`: the steps that a read-out comes before on every way; who else an identity check is made with, and how
 *      long it holds
 */

/** A script, part or published document of any known format as one of the present format. Others are given back. */
export function migrateScript(document: unknown): unknown {
  let migrated = document
  while (isRecord(migrated)) {
    const next = migrations.get(migrated.formatVersion)
    if (next === undefined) return migrated
    migrated = next(migrated)
  }
  return migrated
}

type Migration = (document: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

/** By the version they start from; each leads to the one after it. */
const migrations: ReadonlyMap<unknown, Migration> = new Map([
  [1, fromVersion1],
  [2, (document) => ({ ...document, formatVersion: 3 })],
])

const escalationId = 'risk-of-harm'
const handedOverId = 'risk-handed-over'

function fromVersion1(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const raised = { ...document, formatVersion: 2 }
  if (document.kind !== 'script' || !isRecord(document.steps) || !isRecord(document.wording)) return raised
  const { en, cy } = document.wording
  return {
    ...raised,
    owner: 'Not named',
    // Long past: whoever looks for scripts to read again finds this one first.
    reviewBy: '2020-01-01',
    escalation: escalationId,
    steps: {
      ...document.steps,
      [escalationId]: { kind: 'escalate', urgency: 'now', go: handedOverId },
      [handedOverId]: { kind: 'outcome', disposition: 'transferred', case: true },
    },
    wording: {
      en: {
        ...(isRecord(en) ? en : {}),
        [escalationId]: {
          title: 'Someone is at risk',
          say: 'Thank you for telling me. Is anyone in danger right now?',
        },
        [handedOverId]: { title: 'Handed over as urgent', say: 'I have passed this on as urgent.' },
      },
      cy: {
        ...(isRecord(cy) ? cy : {}),
        [escalationId]: { say: 'Diolch am ddweud wrtha i. Oes unrhyw un mewn perygl ar hyn o bryd?' },
        [handedOverId]: { say: 'Rydw i wedi trosglwyddo hyn fel mater brys.' },
      },
    },
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
