import type { CallsErrorCode } from '#shared/calls/errors.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { Unreachable } from '#shared/contract/records.ts'
import { guidanceErrorWords } from '#shared/guidance/wording.ts'
import type { AppError } from '#shared/kernel/app-error.ts'

/** Why the backend cannot be used, as the end of a sentence. */
export const unreachableWords: Record<Unreachable, string> = {
  'no-network': 'no network',
  'council-unreachable': 'the council’s service cannot be reached',
  'captive-portal': 'this network wants you to sign in: a web page answered instead of the council',
  'council-error': 'the council’s service has a fault',
  'sign-in-needed': 'sign in again to send',
}

const callsWords = {
  'calls/phone-not-answering': 'The telephone is starting again. Try once more in a few seconds.',
  'calls/signed-out': 'Nobody is signed in, so there is no telephone.',
  'calls/not-ready-to-take-calls': 'Ready is not possible yet. The reason is shown under the top bar.',
  'calls/no-such-line': 'That call is over.',
  'calls/not-possible-now': 'That is not possible in this state of the call.',
  'calls/not-registered': 'The telephone is not connected to the switchboard, so no call can be made.',
  'calls/line-in-use': 'All four lines are in use. End a call first.',
  'calls/no-microphone':
    'There is no working microphone, so the caller would not hear you. Plug in your headset.',
  'calls/signalling-lost': 'The connection to the switchboard is being restored. Try again when it is back.',
  'calls/far-end-refused': 'The other side refused that. The call is as it was.',
  'calls/digits-not-supported': 'The other side cannot receive digits on this call.',
  'calls/phone-failed': 'The telephone had a fault. Try again; if it stays, tell IT.',
} satisfies Record<CallsErrorCode, string>

const casesWords = {
  'cases/not-open': 'Your records are still being opened. Try again in a moment.',
  'cases/key-unavailable':
    'The computer’s vault would not open your records. Sign out and in again; if it stays, tell IT.',
  'cases/invalid-operation':
    'This could not be saved because of a fault in the desk. Your words are kept. Tell IT.',
  'cases/journal-unavailable':
    'This is kept in the desk’s records, but the second copy is not written yet, so it does not count as saved. Save again in a moment.',
  'cases/store-failed':
    'This could not be saved on this computer. The disk may be full. Your words are still here: make room and save again.',
  'cases/store-lost':
    'The desk’s records on this computer were lost and are being fetched again. Unsent work is kept in the journal.',
  'cases/no-network': 'This computer has no network.',
  'cases/council-unreachable': 'The council’s service cannot be reached.',
  'cases/captive-portal':
    'This network wants you to sign in: a web page answered instead of the council. Open a web browser and sign in to the network.',
  'cases/council-error': 'The council’s service has a fault just now.',
  'cases/malformed-answer':
    'The council’s service answered in a form this desk does not understand. Nothing was changed. Tell IT.',
  'cases/request-refused': 'The council’s service refused this.',
  'cases/request-invalid': 'The council’s service could not read this. Tell IT.',
  'cases/cursor-unknown': 'The desk’s records are being fetched again.',
  'cases/sign-in-needed': 'Your sign-in has run out. Sign in again; your work is kept.',
  'cases/script-unavailable': 'The script is not on this desk and could not be fetched.',
  'cases/script-withdrawn': 'The council has withdrawn this script.',
} satisfies Record<CasesErrorCode, string>

/** Failures of the main process and of the desk itself that an adviser can meet. */
const deskWords: Readonly<Record<string, string>> = {
  'calls/report-not-saved':
    'The report could not be written on this computer. The disk may be full: make room and try again.',
  'residents/same-record': 'These two are one record already.',
  'work/not-exported':
    'The file could not be written on this computer. The disk may be full: make room and try again.',
  'calls/not-recorded': 'This call is not recorded.',
  'cases/disposition-missing': 'Choose how the contact ended, then finish it.',
  'guidance/no-script': 'No script belongs to this queue.',
  'ipc/no-answer':
    'The desk’s own service did not answer. Try again; if it stays, close and open Adviser Desktop.',
  'session/wrong-credentials': 'That user name and password do not match. Check them and try again.',
  'session/wrong-password':
    'That is not your password. After five wrong ones you are signed out; unsent work is kept.',
  'session/locked': 'The desk is locked. Unlock it and try again.',
  'session/signed-out': 'Nobody is signed in any more.',
  'session/unreachable':
    'The council’s service cannot be reached, so you cannot sign in yet. Check your network and try again.',
  'session/malformed-answer':
    'The council’s service answered in a form this desk does not understand. Tell IT.',
  'session/refused':
    'The council’s service did not let you sign in. Ask your supervisor whether your account is open.',
  'session/expired': 'Your sign-in has run out. Sign in again; your work is kept.',
  'session/practice-not-running': 'Practice mode is still starting. Try again in a moment.',
  'vault/not-protected':
    'This computer has no vault to protect records with, so nobody can sign in. Tell IT.',
  'vault/unreadable': 'The computer’s vault would not open your records. Tell IT before you sign in again.',
  'vault/disk': 'This computer’s disk could not be written. It may be full: make room and try again.',
  'journal/disk-full': 'This computer’s disk is full. Your words are still here: make room and save again.',
  'journal/not-written':
    'The second copy of your work could not be written. Save again; if it stays, tell IT.',
  'journal/unreadable': 'The second copy of your work could not be read. Tell IT before you sign out.',
  'practice/no-such-scenario': 'That story does not exist any more. Choose another.',
  'practice/no-adviser-there': 'Your telephone is not registered, so nobody can ring you yet.',
  'practice/no-call': 'No call is on record just now.',
  'practice/network-not-restored':
    'The practice network could not be restored. Try again; if it stays, open Adviser Desktop again.',
  'practice/not-running': 'Practice mode is still starting. Try again in a moment.',
  'practice/no-answer': 'Practice mode did not answer. Try again in a moment.',
}

const words: Readonly<Record<string, string>> = {
  ...callsWords,
  ...casesWords,
  ...guidanceErrorWords,
  ...deskWords,
}

/** What the adviser reads for a failure: what happened, then what to do. An unknown code is named, for IT. */
export function errorWords(error: AppError): string {
  // The only detail that is written for people.
  if (error.code === ('cases/script-withdrawn' satisfies CasesErrorCode) && error.detail) {
    return `${words[error.code]} Why: ${error.detail}`
  }
  return (
    words[error.code] ?? `Something did not work (${error.code}). Try again; if it stays, tell IT this code.`
  )
}
