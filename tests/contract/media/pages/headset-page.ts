/* The headset adapter on a fake `navigator.hid` that speaks the reports of a real headset's telephone. */

import { browserClock } from '#renderer/phone/browser-ports.ts'
import { createHeadset, type HeadsetButtons } from '#renderer/platform/media/headset.ts'
import { usage } from '#renderer/platform/media/hid-reports.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { installFakeHid } from '#tests/support/fake-hid.ts'

declare global {
  interface Window {
    headsetHarness: ReturnType<typeof createHarness>
  }
}

function createHarness() {
  const hid = installFakeHid(usage)
  let headset: HeadsetButtons | null = null
  const actions: string[] = []

  return {
    ...hid,
    actions,
    start(microphoneLabel: string | null = null): void {
      headset = createHeadset({ clock: browserClock, log: silentLog, microphoneLabel: () => microphoneLabel })
      headset.onAction((action) => actions.push(action))
    },
    headset(): HeadsetButtons {
      if (headset === null) throw new Error('not started')
      return headset
    },
  }
}

window.headsetHarness = createHarness()
