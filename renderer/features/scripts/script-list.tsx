import { useState } from 'react'
import { ChoiceBox } from '#renderer/ui/choice-box.tsx'
import type { ScriptEntry } from '#shared/contract/rest.ts'
import type { ScriptMatch, ScriptSearch } from '#shared/guidance/script-search.ts'

export interface ScriptListProps {
  readonly search: ScriptSearch
  readonly mostUsed: readonly ScriptEntry[]
  /** The script that is chosen already. */
  readonly first?: ScriptEntry | undefined
  readonly onChoose: (scriptId: string) => void
  /** Tells which one Enter would take. */
  readonly onMark?: (scriptId: string | null) => void
}

const longest = 8

/** A box for the resident's words, and the scripts that fit; before any word, those most used today. */
export function ScriptList({ search, mostUsed, first, onChoose, onMark }: ScriptListProps) {
  const [text, setText] = useState('')
  const [marked, setMarked] = useState(0)
  const found = text.trim() === '' ? usual(mostUsed, first) : search(text).slice(0, longest)

  const mark = (index: number) => {
    setMarked(index)
    onMark?.(found[index]?.scriptId ?? null)
  }
  return (
    <div className="scripts">
      <ChoiceBox
        label="What the resident says"
        hint="In their words, such as: bin not taken"
        listLabel="Scripts"
        text={text}
        options={found}
        marked={marked}
        idOf={({ scriptId }) => scriptId}
        onText={(next) => {
          setText(next)
          setMarked(0)
          onMark?.(search(next)[0]?.scriptId ?? null)
        }}
        onMark={mark}
        onKey={({ key }, match) => {
          if (key !== 'Enter' || match === undefined) return false
          onChoose(match.scriptId)
          return true
        }}
        onClick={({ scriptId }, index) => {
          mark(index)
          onChoose(scriptId)
        }}
        between={
          <p className="small quiet" role="status">
            {countWords(text, found.length)}
          </p>
        }
        show={(match) => (
          <>
            <strong>{match.title}</strong>
            <span className="small quiet">{whyWords(match)}</span>
          </>
        )}
      />
    </div>
  )
}

function usual(mostUsed: readonly ScriptEntry[], first: ScriptEntry | undefined): readonly ScriptMatch[] {
  const entries = first === undefined ? mostUsed : [first, ...mostUsed.filter((each) => each !== first)]
  return entries.map(({ id, title, serviceName }) => ({
    scriptId: id,
    title,
    matched: { by: 'service', words: serviceName ?? '' },
  }))
}

function countWords(text: string, count: number): string {
  if (text.trim() === '') return 'Most used today. Arrow keys choose, Enter takes it.'
  if (count === 0) return 'No script fits these words. Try one other word for it, or take Other enquiry.'
  return count === 1 ? '1 script fits.' : `${count} scripts fit, the best first.`
}

const whyWords = ({ matched }: ScriptMatch): string =>
  matched.words === ''
    ? ''
    : matched.by === 'alias'
      ? `residents say: ${matched.words}`
      : matched.by === 'title'
        ? 'by its title'
        : `${matched.by === 'service' ? 'service' : 'case'}: ${matched.words}`
