import type { MessageBoxOptions } from 'electron'

/** What is said before the desk is closed on somebody. */
export const leaveCallQuestion: MessageBoxOptions = {
  type: 'warning',
  message: 'You are on a call. Closing the desk ends it.',
  detail: 'The caller would be cut off. What you have written is kept.',
  buttons: ['End the call and close', 'Stay on the call'],
  defaultId: 1,
  cancelId: 1,
  noLink: true,
}

export interface LeaveGuard {
  /** Whether the desk may close now. If not, the adviser is being asked, and `leave` follows a yes. */
  mayLeave(): boolean
}

export interface LeaveGuardOptions {
  inCall(): boolean
  /** The index of the button pressed. */
  ask(): Promise<number>
  leave(): void
}

/** Nobody's call ends because a window was closed by mistake. */
export function createLeaveGuard({ inCall, ask, leave }: LeaveGuardOptions): LeaveGuard {
  let confirmed = false
  let asking = false

  async function askOnce(): Promise<void> {
    asking = true
    try {
      confirmed = (await ask()) === 0
    } catch {
      // A question that cannot be shown must not lock anybody in.
      confirmed = true
    } finally {
      asking = false
    }
    if (confirmed) leave()
  }

  return {
    mayLeave() {
      if (confirmed || !inCall()) return true
      if (!asking) void askOnce()
      return false
    },
  }
}
