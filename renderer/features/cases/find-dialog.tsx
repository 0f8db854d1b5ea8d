import { useEffect, useState } from 'react'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Field } from '#renderer/ui/field.tsx'
import type { Candidate } from '#shared/contract/records.ts'

export interface FindDialogProps {
  readonly open: boolean
  readonly find: (text: string) => Promise<readonly Candidate[]>
  readonly onChoose: (residentId: string) => void
  readonly onClose: () => void
}

const shortestSearch = 2

/** Finds a resident by name, postcode, address or number in this desk's records. */
export function FindDialog({ open, find, onChoose, onClose }: FindDialogProps) {
  const [text, setText] = useState('')
  const [found, setFound] = useState<readonly Candidate[]>([])
  const [searched, setSearched] = useState('')

  useEffect(() => {
    if (!open) {
      setText('')
      setFound([])
      setSearched('')
      return
    }
    const wanted = text.trim()
    if (wanted.length < shortestSearch) {
      setFound([])
      setSearched('')
      return
    }
    let current = true
    void find(wanted).then((candidates) => {
      if (!current) return
      setFound(candidates)
      setSearched(wanted)
    })
    return () => {
      current = false
    }
  }, [open, text, find])

  return (
    <Dialog title="Find a resident" open={open} onClose={onClose}>
      <Field label="Name, postcode, part of the address or of the number">
        {(control) => (
          <input
            {...control}
            autoFocus
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              const first = found[0]
              if (event.key === 'Enter' && first !== undefined) onChoose(first.residentId)
            }}
          />
        )}
      </Field>
      <p className="small quiet" role="status">
        {searched === '' ? 'Type at least two letters. Enter takes the first.' : foundWords(found.length)}
      </p>
      <ul className="caller__list">
        {found.map((candidate) => (
          <li key={candidate.residentId}>
            <button type="button" className="choice" onClick={() => onChoose(candidate.residentId)}>
              <strong>{candidate.name}</strong>
              <span className="small">{candidate.address}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function foundWords(count: number): string {
  if (count === 0)
    return 'Nobody found in this desk’s records. Check the spelling, or go on without a record.'
  return count === 1 ? 'One person found.' : `${count} people found.`
}
