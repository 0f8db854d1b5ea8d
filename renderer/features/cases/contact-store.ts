import { createStore } from 'zustand/vanilla'
import { accountActions } from './contact-account.ts'
import { openingActions } from './contact-opening.ts'
import { peopleActions } from './contact-people.ts'
import { runActions } from './contact-run.ts'
import { savingActions } from './contact-saving.ts'
import { scriptActions } from './contact-scripts.ts'
import { type ContactPorts, type ContactState, type ContactStore, nothingInHand } from './contact-state.ts'
import { createContactWork } from './contact-work.ts'

/** The work on one contact: its draft, the resident, the script's run and what is saved of it. */
export function createContactStore(ports: ContactPorts): ContactStore {
  return createStore<ContactState>()((set, get) => {
    const work = createContactWork(ports, get, set)
    return {
      ...nothingInHand,
      unfinished: [],
      ...openingActions(work),
      ...peopleActions(work),
      ...runActions(work),
      ...scriptActions(work),
      ...accountActions(work),
      ...savingActions(work),
    }
  })
}
