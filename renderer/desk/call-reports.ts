import type { CallReport } from '#shared/contract/call-report.ts'
import { type PhoneMessage, phoneChannelName, phoneMessage } from '#shared/contract/phone.ts'

const answerWithinMs = 3_000

/** Flight records of this shift's calls from the phone page, newest first; none when it does not answer. */
export function askReports(): Promise<readonly CallReport[]> {
  const channel = new BroadcastChannel(phoneChannelName)
  return new Promise((resolve) => {
    const settle = (reports: readonly CallReport[]) => {
      clearTimeout(timer)
      channel.close()
      resolve(reports)
    }
    const timer = setTimeout(() => settle([]), answerWithinMs)
    channel.onmessage = (event: MessageEvent<unknown>) => {
      const message = phoneMessage.safeParse(event.data)
      if (message.success && message.data.type === 'reports') settle(message.data.reports)
    }
    channel.postMessage({ type: 'reports-wanted' } satisfies PhoneMessage)
  })
}
