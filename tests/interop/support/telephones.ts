import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import type { Program, Programs } from './programs.ts'
import { type Role, type Step, sippScenario } from './sipp-script.ts'
import { password, realm, type Switchboard } from './switchboard.ts'

/** A telephone of SIPp that plays one call flow. */
export interface ScriptedTelephone {
  /** Its address at the switchboard. */
  readonly user: string
  /** Resolves when the flow was played to its end; rejects with what went otherwise. */
  readonly done: Promise<void>
  stop(): Promise<void>
}

let flows = 0

export async function startScripted(
  programs: Programs,
  switchboard: Switchboard,
  folder: string,
  role: Role,
  steps: readonly Step[],
  service = 'adviser',
): Promise<ScriptedTelephone> {
  flows += 1
  const [port, mediaPort] = [await freePort('udp'), await freePort('udp')]
  const own = join(folder, `flow-${flows}`)
  await mkdir(own, { recursive: true })
  await writeFile(join(own, 'flow.xml'), sippScenario(role, steps))
  const program = programs.start(
    'sipp',
    [
      `127.0.0.1:${switchboard.sipPort}`,
      ...['-sf', 'flow.xml', '-i', '127.0.0.1', '-p', String(port)],
      ...['-mi', '127.0.0.1', '-mp', String(mediaPort), '-rtp_echo'],
      ...['-m', '1', '-s', service, '-nostdin', '-timeout', '40', '-timeout_error'],
      ...['-trace_err', '-error_file', 'errors.log', '-trace_msg', '-message_file', 'messages.log'],
    ],
    { cwd: own },
  )
  if (role === 'called') await program.listening('udp', port)
  return { user: `peer-${port}`, done: finished(program, own), stop: program.stop }
}

async function finished(program: Program, folder: string): Promise<void> {
  const code = await program.exited
  if (code === 0) return
  const said = await readFile(join(folder, 'errors.log'), 'utf8').catch(() => program.output())
  throw new Error(`the scripted telephone did not get what it waited for (${code}): ${said.slice(-1_500)}`)
}

/** A telephone of baresip that is told what to do. */
export interface Telephone {
  /** Runs one of its commands and resolves with what it says to it. */
  command(name: string, parameter?: string): Promise<string>
  /** Resolves with the first event of this kind, past or to come. */
  event(kind: string): Promise<void>
  forget(): void
  /** Recordings of what it heard, as files of samples (WAV). */
  heard(): Promise<string[]>
  stop(): Promise<void>
}

export async function startTelephone(
  programs: Programs,
  switchboard: Switchboard,
  folder: string,
  user: string,
  toneHz: number,
): Promise<Telephone> {
  await mkdir(folder, { recursive: true })
  const [sipPort, controlPort] = [await freePort('udp'), await freePort('tcp')]
  await writeFile(join(folder, 'config'), settings(folder, sipPort, controlPort, toneHz))
  await writeFile(
    join(folder, 'accounts'),
    `<sip:${user}@${realm}>;outbound="sip:127.0.0.1:${switchboard.sipPort};transport=udp";auth_user=${user};auth_pass=${password};regint=120;answermode=manual;audio_codecs=PCMA/8000/1,PCMU/8000/1\n`,
  )
  const program = programs.start('baresip', ['-f', folder], { cwd: folder })
  await program.listening('tcp', controlPort)
  const control = await openControl(controlPort)
  const telephone: Telephone = {
    command: control.command,
    event: control.event,
    forget: control.forget,
    async heard() {
      const files = await readdir(folder)
      return files.filter((file) => /dec.*\.wav$/.test(file)).map((file) => join(folder, file))
    },
    async stop() {
      control.close()
      await program.stop()
    },
  }
  return telephone
}

function settings(folder: string, sipPort: number, controlPort: number, toneHz: number): string {
  return `sip_listen 127.0.0.1:${sipPort}
net_interface 127.0.0.1
call_max_calls 4
audio_source ausine,${toneHz}
audio_player aubridge,nobody
audio_alert aubridge,nobody
ausrc_srate 48000
auplay_srate 48000
ausrc_channels 2
auplay_channels 2
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module aubridge.so
module sndfile.so
snd_path ${folder}
module_tmp uuid.so
module_tmp account.so
module_app ctrl_tcp.so
module_app menu.so
ctrl_tcp_listen 127.0.0.1:${controlPort}
`
}

interface Said {
  readonly event?: boolean
  readonly type?: string
  readonly token?: string
  readonly data?: string
}

async function openControl(port: number) {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect(port, '127.0.0.1', () => resolve(opened))
    opened.once('error', reject)
  })
  const waiting = new Set<() => void>()
  let said: Said[] = []
  let pending = Buffer.alloc(0)
  let commands = 0
  socket.on('error', () => {})
  // Netstrings: "<bytes>:<text>,".
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      const colon = pending.indexOf(':')
      const length = Number(pending.subarray(0, Math.max(colon, 0)).toString())
      if (colon < 0 || pending.length < colon + length + 2) break
      said.push(JSON.parse(pending.subarray(colon + 1, colon + 1 + length).toString()) as Said)
      pending = pending.subarray(colon + length + 2)
    }
    for (const wake of [...waiting]) wake()
  })
  const until = (fits: (one: Said) => boolean) =>
    new Promise<Said>((resolve) => {
      const look = () => {
        const found = said.find(fits)
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return {
    async command(name: string, parameter = ''): Promise<string> {
      commands += 1
      const token = String(commands)
      const text = JSON.stringify({ command: name, params: parameter, token })
      socket.write(`${Buffer.byteLength(text)}:${text},`)
      return (await until((one) => one.token === token)).data ?? ''
    },
    async event(kind: string): Promise<void> {
      await until((one) => one.event === true && one.type === kind)
    },
    forget() {
      said = []
    },
    close: () => socket.destroy(),
  }
}
