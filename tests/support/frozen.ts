import { readdirSync, readFileSync } from 'node:fs'

/**
 * Stops every process of the browser that runs on this profile, as a computer that goes to sleep does, and lets it go
 * on when the returned function is called. Linux alone: /proc tells who belongs to whom.
 */
export function freezeBrowser(profileFolder: string): () => void {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)))
  const browsers = all.filter(
    ({ command }) => command.includes(`--user-data-dir=${profileFolder}`) && !command.includes('--type='),
  )
  // Node runs the main process, which has to see the computer wake up.
  const frozen = withChildren(
    browsers.filter(({ command }) => !/\bnode\b|electron-module|standin/.test(command.split('\0')[0] ?? '')),
    all,
  )
  if (frozen.length < 2) throw new Error('the browser’s processes were not found')
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of frozen.toReversed()) process.kill(pid, 'SIGCONT')
  }
}

interface Seen {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function processOf(pid: number): Seen[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    // The name in brackets may hold spaces; the parent is the second field after it.
    const parent = Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    )
    return [{ pid, parent, command }]
  } catch {
    return []
  }
}

function withChildren(heads: readonly Seen[], all: readonly Seen[]): number[] {
  const found = heads.map(({ pid }) => pid)
  for (const pid of found) found.push(...all.filter(({ parent }) => parent === pid).map((child) => child.pid))
  return found
}
