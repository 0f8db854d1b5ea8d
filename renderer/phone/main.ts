import * as Comlink from 'comlink'
import { getBridge } from '#renderer/platform/bridge/bridge.ts'
import { createHeadset } from '#renderer/platform/media/headset.ts'
import { createSound } from '#renderer/platform/media/sound.ts'
import { createSipPhone } from '#renderer/platform/sip/sip-phone.ts'
import { connectRecords } from '#renderer/records/connect.ts'
import { phoneChannelName } from '#shared/contract/phone.ts'
import { recordsChannelName } from '#shared/contract/records.ts'
import { createBridgeLog } from './bridge-log.ts'
import { browserClock, browserRandom } from './browser-ports.ts'
import { followNetwork } from './follow-network.ts'
import { instanceId } from './instance-id.ts'
import { createMeasures } from './measures.ts'
import { startPhonePage } from './phone-page.ts'
import { createRecordsHost } from './records-host.ts'
import { createClipPlayer, speakerId } from './whisper.ts'

const bridge = getBridge()
const log = createBridgeLog(bridge)
const records = connectRecords()

window.addEventListener('error', (event) => {
  log.error('phone.failed', { kind: event.error instanceof Error ? event.error.name : 'unknown' })
})
window.addEventListener('unhandledrejection', (event) => {
  log.error('phone.rejected', { kind: event.reason instanceof Error ? event.reason.name : 'unknown' })
})

// Not awaited: calls on the worker arrive in order, and the telephone waits for nobody.
records.provideHost(Comlink.proxy(createRecordsHost(bridge))).catch(() => log.error('phone.no-records-host'))

const clock = browserClock
const sound = createSound({ clock, log, storage: localStorage })
const page = startPhonePage({
  bridge,
  records,
  log,
  clock,
  random: browserRandom,
  storage: localStorage,
  sound,
  headset: createHeadset({
    clock,
    log,
    microphoneLabel: () => sound.report().using.microphone?.label ?? null,
  }),
  measures: createMeasures(clock, sound.microphone),
  phoneChannel: new BroadcastChannel(phoneChannelName),
  recordsChannel: new BroadcastChannel(recordsChannelName),
  playClip: createClipPlayer(() => speakerId(sound.report()), log),
  createPhone: ({ sip, iceServers }, record) =>
    createSipPhone({
      account: sip,
      iceServers,
      instanceId: instanceId(localStorage, browserRandom),
      clock,
      random: browserRandom,
      log,
      media: sound.media,
      record,
    }),
})

followNetwork(page)
window.addEventListener('pagehide', page.leave)
