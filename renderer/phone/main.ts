import * as Comlink from 'comlink'
import { getBridge } from '#renderer/platform/bridge/bridge.ts'
import { createMicrophone } from '#renderer/platform/media/microphone.ts'
import { playRemoteAudio } from '#renderer/platform/media/remote-audio.ts'
import { createRinger } from '#renderer/platform/media/ringer.ts'
import { createSipPhone } from '#renderer/platform/sip/sip-phone.ts'
import { connectRecords } from '#renderer/records/connect.ts'
import { phoneChannelName } from '#shared/contract/phone.ts'
import { recordsChannelName } from '#shared/contract/records.ts'
import { createBridgeLog } from './bridge-log.ts'
import { browserClock, browserRandom } from './browser-ports.ts'
import { instanceId } from './instance-id.ts'
import { startPhonePage } from './phone-page.ts'
import { createRecordsHost } from './records-host.ts'

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

const microphone = createMicrophone(browserClock, log)
const page = startPhonePage({
  bridge,
  records,
  log,
  clock: browserClock,
  random: browserRandom,
  microphone,
  ringer: createRinger(),
  phoneChannel: new BroadcastChannel(phoneChannelName),
  recordsChannel: new BroadcastChannel(recordsChannelName),
  createPhone: (account, iceServers) =>
    createSipPhone({
      account,
      iceServers,
      instanceId: instanceId(localStorage, browserRandom),
      clock: browserClock,
      random: browserRandom,
      log,
      media: {
        voiceTrack: microphone.voiceTrack,
        onVoiceChanged: microphone.onVoiceChanged,
        play: (stream) => playRemoteAudio(stream, log),
      },
    }),
})

window.addEventListener('online', page.networkChanged)
window.addEventListener('offline', page.networkChanged)
window.addEventListener('pagehide', page.leave)
