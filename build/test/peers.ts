import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { ensureDebianPackages, type Say } from '#build/start/ensure.ts'

/** Telephones and switchboards of other makers, and what it takes to give them a network of their own. */
const packages = [
  'kamailio',
  'kamailio-websocket-modules',
  'kamailio-tls-modules',
  'rtpengine-daemon',
  'baresip-core',
  'sip-tester',
  'coturn',
  'openssl',
  'iproute2',
]

// Asked by Debian before it starts the service of a package it installs (invoke-rc.d); 101 is no.
const policy = '/usr/sbin/policy-rc.d'

export type Peers =
  /** `inside` comes before a command that is to see only the loopback interface; empty where that is not allowed. */
  | { readonly ready: true; readonly inside: readonly string[] }
  | { readonly ready: false; readonly why: string }

/** Installs the peers where that is possible without asking anyone, and leaves none of their services running. */
export async function preparePeers(say: Say): Promise<Peers> {
  if (process.platform !== 'linux') return { ready: false, why: 'skipped: its peers are packages of Debian' }
  const installed = await withoutServices(() => ensureDebianPackages(packages, say))
  if (!installed.ok) return { ready: false, why: `skipped; to run it: ${installed.error.command}` }
  return { ready: true, inside: loopbackOnly() }
}

async function withoutServices<T>(install: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0 || existsSync(policy)) return install()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const remove = () => rmSync(policy, { force: true })
  process.once('exit', remove)
  try {
    return await install()
  } finally {
    process.off('exit', remove)
    remove()
  }
}

/** With other interfaces in sight Chromium offers their addresses too, and media to a plain peer may never start. */
function loopbackOnly(): string[] {
  const inside = ['unshare', '-n', '--', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
  const [program = '', ...args] = inside
  return spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0 ? inside : []
}
