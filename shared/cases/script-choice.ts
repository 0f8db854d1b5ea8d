import type { Draft, EarlierRun, ScriptRun } from '../contract/draft.ts'

/** What the script in hand is called and has written, for when it is left for another. */
export interface ScriptInHand {
  readonly title: string
  readonly notes: string
}

/**
 * The draft under another script. What was answered under the present one is kept with it, and found again when that
 * script is chosen again; an identity check goes along with the resident it was made for.
 *
 * `sameCase`: the case begun under the present script is gone on with. Otherwise the other script has the case that
 * was made under it, or makes a new one.
 */
export function underScript(
  draft: Draft,
  inHand: ScriptInHand | null,
  next: ScriptRun,
  sameCase: boolean,
): Draft {
  const again = draft.earlier.find(({ run }) => run.scriptId === next.scriptId)
  return {
    ...draft,
    run: again?.run ?? next,
    typed: { ...wordsOfContact(draft.typed), ...again?.typed },
    caseId: sameCase ? draft.caseId : (again?.caseId ?? null),
    // A new script suggests its own.
    disposition: again?.disposition ?? null,
    earlier: [
      ...draft.earlier.filter((each) => each !== again),
      ...(draft.run === null || inHand === null ? [] : [leftRun(draft, draft.run, inHand)]),
    ],
    given: givenBy(draft),
  }
}

/** Whether the adviser has to say if another script goes on with the case that was begun. */
export function mustAskWhichCase(draft: Draft, scriptId: string): boolean {
  const again = draft.earlier.find(({ run }) => run.scriptId === scriptId)
  return draft.caseId !== null && (again === undefined || again.caseId === null)
}

function leftRun(draft: Draft, run: ScriptRun, { title, notes }: ScriptInHand): EarlierRun {
  const { caseId, disposition } = draft
  return { run, title, notes, caseId, disposition, typed: wordsOfSteps(draft.typed) }
}

function givenBy({ identity, residentId, given }: Draft): Draft['given'] {
  if (identity === null || identity.level === 'none' || residentId === null) return given
  return { residentId, check: identity }
}

const isOfStep = (name: string): boolean => name.startsWith('step.')

const wordsOfSteps = (typed: Draft['typed']): Draft['typed'] =>
  Object.fromEntries(Object.entries(typed).filter(([name]) => isOfStep(name)))

const wordsOfContact = (typed: Draft['typed']): Draft['typed'] =>
  Object.fromEntries(Object.entries(typed).filter(([name]) => !isOfStep(name)))
