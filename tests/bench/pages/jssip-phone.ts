/* JsSIP as its documentation has it: no reconnection of ours, no checks, its events and nothing around them. */
import type {} from '../instrumentation.ts'
import type { Contender } from './our-phone.ts'

/** As much of JsSIP 3.13 as is used; the package is there only while benchmarks run. */
interface JsSip {
  UA: new (
    options: object,
  ) => {
    on(name: 'newRTCSession', listener: (event: { session: Session }) => void): void
    start(): void
    isRegistered(): boolean
  }
  WebSocketInterface: new (url: string) => object
}

interface Session {
  readonly connection: RTCPeerConnection
  answer(options: object): void
  terminate(): void
  isEnded(): boolean
  on(name: string, listener: (event: { peerconnection: RTCPeerConnection }) => void): void
}

declare global {
  interface Window {
    JsSIP: JsSip
  }
}

const query = new URL(location.href).searchParams
const warm = query.get('microphone') === 'warm'
const account = JSON.parse(query.get('account') ?? '{}') as Record<string, string> & { servers: string[] }
const now = () => performance.timeOrigin + performance.now()

let session: Session | null = null
let rings: (at: number) => void = () => {}
let stream: MediaStream | null = null

const { UA, WebSocketInterface } = window.JsSIP
const agent = new UA({
  sockets: [new WebSocketInterface(account.servers[0] ?? '')],
  uri: account.uri,
  authorization_user: account.authorizationUsername,
  password: account.password,
  register: true,
  session_timers: false,
})
agent.on('newRTCSession', (event) => {
  const at = now()
  session = event.session
  session.on('peerconnection', ({ peerconnection }) => {
    peerconnection.addEventListener('track', (track) => {
      const speaker = new Audio()
      speaker.srcObject = track.streams[0] ?? new MediaStream([track.track])
      void speaker.play()
    })
  })
  rings(at)
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

const contender: Contender = {
  async registered() {
    // Ours keeps the microphone open from sign-in on; the contender is given the same.
    if (warm) stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    agent.start()
    await until(() => agent.isRegistered())
  },
  nextRinging: () =>
    new Promise((resolve) => {
      rings = resolve
    }),
  answer() {
    const at = now()
    session?.answer({
      ...(stream === null ? { mediaConstraints: { audio: true, video: false } } : { mediaStream: stream }),
      pcConfig: { iceServers: [] },
    })
    return at
  },
  hangUp: () => session?.terminate(),
  idle: () => until(() => session === null || session.isEnded()),
}
window.contender = contender
