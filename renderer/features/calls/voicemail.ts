import type { DialTarget } from '#shared/contract/phone.ts'
import type { Directory } from '#shared/contract/rest.ts'
import { entryTarget } from './dial-words.ts'

/** The directory says where voicemail answers; switchboards without an entry take the name itself. */
export function voicemailTarget(directory: Directory | null): DialTarget {
  const entry = directory?.entries.find(({ user, id }) => user === 'voicemail' || id === 'voicemail')
  const target = entry === undefined ? null : entryTarget(entry)
  return target ?? { kind: 'internal', user: 'voicemail', name: 'Voicemail' }
}
