import { useStore } from 'zustand'
import { isUnhurried, useLevel } from '#renderer/features/cases/index.ts'
import { GuidancePanel } from '#renderer/features/guidance/index.ts'
import { errorWords } from '#renderer/ui/error-words.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { greetedInWriting, inWriting } from '#shared/guidance/in-writing.ts'
import type { RunView } from '#shared/guidance/view.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Desk } from './compose.ts'
import { useStepSupport } from './use-step-support.ts'

export interface GuidanceSideProps {
  readonly desk: Desk
  readonly draft: Draft
  readonly script: ScriptDocument
  readonly view: RunView
  /** The contact's call is over, or it never had one. */
  readonly ended: boolean
}

/** The guidance panel with what the telephone and the records know for its steps. */
export function GuidanceSide({ desk, draft, script, view, ended }: GuidanceSideProps) {
  const contact = useStore(desk.contact)
  const { quickMode, setQuickMode } = useStore(desk.settings)
  const { report } = useStore(desk.records)
  const support = useStepSupport(desk, view)
  const language = draft.language ?? contact.resident?.resident.language ?? 'en'
  const differs = draft.language !== null && draft.language !== contact.resident?.resident.language
  const level = useLevel(draft.identity, draft.endedAt)
  const isKnown = contact.resident !== null && level !== 'none'
  return (
    <GuidancePanel
      // Another script, and that of another contact, takes the focus though its step be called the same.
      key={`${draft.contactId} ${script.id}`}
      title={script.title}
      view={viewOn(draft.channel, view, script)}
      typed={draft.typed}
      error={contact.stepError === null ? null : errorWords(contact.stepError)}
      onType={contact.type}
      onInput={contact.answer}
      onBack={contact.back}
      onReopen={contact.reopen}
      language={language}
      onLanguage={contact.setLanguage}
      onKeepLanguage={differs && isKnown ? () => void contact.keepLanguage() : null}
      welshReviewed={script.cyReviewed}
      standing={{
        withdrawn: contact.withdrawn,
        insteadOf: contact.insteadOf,
        knownUntil: report?.state.name === 'behind' ? report.state.asAt : null,
      }}
      noTimePressure={ended || isUnhurried(draft.assistance, language)}
      onCall={!ended}
      onEscalate={contact.escalate}
      quick={{
        on: quickMode,
        page: contact.page,
        errors: inWords(contact.pageErrors),
        onToggle: setQuickMode,
        onPage: contact.answerPage,
      }}
      reporting={{
        owner: script.owner,
        last: reportWords(contact.stepReport, report?.pendingIds ?? []),
        onSend: contact.reportStep,
      }}
      support={support}
    />
  )
}

/** A script is written for the telephone: elsewhere its words are written, and a letter is not greeted. */
function viewOn(channel: Draft['channel'], view: RunView, script: ScriptDocument): RunView {
  const { current } = view
  if (current === null || channel === 'telephone' || channel === 'counter') return view
  const isGreeting = current.stepId === script.start && channel !== 'web-chat'
  return { ...view, current: isGreeting ? greetedInWriting(current) : inWriting(current) }
}

const inWords = (errors: Readonly<Record<string, AppError>>): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([stepId, error]) => [stepId, errorWords(error)]))

function reportWords(
  report: ReturnType<Desk['contact']['getState']>['stepReport'],
  pendingIds: readonly string[],
): { stepId: string; text: string; failed: boolean } | null {
  if (report === null) return null
  const { stepId, reportId, owner, error } = report
  if (error !== null) return { stepId, text: errorWords(error), failed: true }
  const kept = pendingIds.includes(reportId)
  return { stepId, text: kept ? `Kept, will be sent to ${owner}.` : `Sent to ${owner}.`, failed: false }
}
