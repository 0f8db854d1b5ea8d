/** What the command line `electron [flags] app [flags]` says, read the way Electron reads it. */
export interface Arguments {
  /** Folder or file of the app: the first argument that is not a switch. */
  readonly app: string | undefined
  /** Modules to require before the app (`-r`); Playwright puts its loader there. */
  readonly requires: readonly string[]
  /** Every `--name=value`, wherever it stands. Later ones win, as in Chromium. */
  readonly switches: ReadonlyMap<string, string>
}

export function readArguments(args: readonly string[]): Arguments {
  const requires: string[] = []
  const switches = new Map<string, string>()
  let app: string | undefined
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? ''
    if (arg === '--') break
    if (arg === '-r' || arg === '--require') {
      at += 1
      const module = args[at]
      if (module) requires.push(module)
    } else if (arg.startsWith('--')) {
      const equals = arg.indexOf('=')
      if (equals === -1) switches.set(arg.slice(2), '')
      else switches.set(arg.slice(2, equals), arg.slice(equals + 1))
    } else if (!arg.startsWith('-')) {
      app ??= arg
    }
  }
  return { app, requires, switches }
}
