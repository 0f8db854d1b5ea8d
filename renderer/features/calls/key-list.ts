/** Every key of the desk by what it is for; the footer shows those with a short word. */
export interface KeyUse {
  readonly keys: string
  readonly does: string
  /** For the foot of the window. */
  readonly short?: string
}

export interface KeyGroup {
  readonly title: string
  readonly uses: readonly KeyUse[]
}

export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'A call',
    uses: [
      { keys: 'F2', does: 'Answer the call, or end it', short: 'answer, end' },
      { keys: 'Shift F2', does: 'Answer the call that waits; the one in hand goes on hold' },
      { keys: 'Ctrl F2', does: 'Decline the call that rings' },
      { keys: 'F3', does: 'Call someone, ask someone, or pass the call on', short: 'call, transfer' },
      { keys: 'F4', does: 'Hold, or come back', short: 'hold' },
      { keys: 'F6', does: 'Mute, or speak again', short: 'mute' },
      { keys: 'Shift F6', does: 'Pause the recording, or record again' },
      { keys: 'Ctrl D', does: 'Keypad: send digits' },
    ],
  },
  {
    title: 'Several calls',
    uses: [
      { keys: 'F7', does: 'Go to the other call; this one goes on hold', short: 'other call' },
      { keys: 'Alt Shift 1 to 4', does: 'Go to that call, in the order they came' },
      { keys: 'Shift F3', does: 'Pass the resident on to whom you asked' },
      { keys: 'Shift F7', does: 'Join all calls, so that everybody hears everybody' },
    ],
  },
  {
    title: 'Your work',
    uses: [
      { keys: 'F8', does: 'Ready for calls', short: 'ready' },
      {
        keys: 'Shift F8',
        does: 'Your state: not ready and why, what comes after this call, more time to wrap up',
        short: 'my state',
      },
      { keys: 'F9', does: 'Finish the contact', short: 'finish' },
      { keys: 'F10', does: 'Calls: recent, promised, voicemail', short: 'calls' },
      { keys: 'Ctrl S', does: 'Save', short: 'save' },
      { keys: 'Ctrl K', does: 'Find anything: residents, cases, notes', short: 'find' },
      { keys: 'Ctrl U', does: 'What is not sent yet' },
      { keys: 'Ctrl F12', does: 'Supervisors: take up another adviser’s risk to life' },
      { keys: 'Shift F12', does: 'To the script’s own help for someone at risk; Back returns' },
      { keys: 'Alt Q', does: 'Quick: all questions of a page at once, or one at a time' },
      { keys: 'Alt R', does: 'Tell the script’s owner that a step is wrong or unclear' },
      { keys: 'Ctrl Shift K', does: 'Find a script by the resident’s words', short: 'script' },
      {
        keys: 'Ctrl G',
        does: 'Where else to get help: find a service, note that it was given',
        short: 'elsewhere',
      },
      { keys: 'Shift F9', does: 'New contact without a call: email, chat, letter, counter' },
      { keys: 'Ctrl F7', does: 'Go to the next open contact' },
      { keys: 'Alt 1 2 3', does: 'Go to caller, guidance, case', short: 'panes' },
      { keys: 'F1', does: 'This list', short: 'keys' },
      { keys: 'F12', does: 'Risk to life: 999, what to say, and the record', short: 'RISK TO LIFE' },
    ],
  },
]
