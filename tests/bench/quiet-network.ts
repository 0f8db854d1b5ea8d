import { spawnSync } from 'node:child_process'

const inside = 'ADVISER_DESKTOP_QUIET_NETWORK'

/**
 * Runs this very command again in a network of its own that has nothing but loopback, and answers with its exit code;
 * null when this is that network, or when none can be made here. With other addresses about, Chromium offers them all
 * and what is measured is this machine's network.
 */
export function inQuietNetwork(): number | null {
  if (process.platform !== 'linux' || process.env[inside] === 'yes') return null
  const asRoot = process.getuid?.() === 0
  const unshare = ['unshare', ...(asRoot ? [] : ['--user', '--map-root-user']), '--net']
  if (spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'ip', 'link', 'set', 'lo', 'up']).status !== 0) {
    console.log('No network of its own can be made here: figures include this machine’s addresses.')
    return null
  }
  const command = [
    'sh',
    '-c',
    'ip link set lo up && exec "$0" "$@"',
    process.execPath,
    ...process.argv.slice(1),
  ]
  const { status } = spawnSync(unshare[0] ?? '', [...unshare.slice(1), ...command], {
    stdio: 'inherit',
    env: { ...process.env, [inside]: 'yes' },
  })
  return status ?? 1
}
