import { err, ok, type Result } from '#shared/kernel/result.ts'

/* `npm run test:interop -- --seed 7 --messages 50000 -- -t "session timer"`: the part alone, with more messages. */

const inPassing = 10_000

export interface InteropArguments {
  readonly environment: Readonly<Record<string, string>>
  readonly rest: readonly string[]
}

/** `rest` begins with what is not understood here, as Vitest is to have it. */
export function readInteropArguments(args: readonly string[]): Result<InteropArguments, string> {
  const environment: Record<string, string> = { ADVISER_DESKTOP_FUZZ_MESSAGES: String(inPassing) }
  const names: Readonly<Record<string, string>> = {
    '--seed': 'ADVISER_DESKTOP_FUZZ_SEED',
    '--messages': 'ADVISER_DESKTOP_FUZZ_MESSAGES',
  }
  let at = 0
  for (; at < args.length && args[at] !== '--'; at += 2) {
    const [option = '', value = ''] = args.slice(at)
    const name = names[option]
    if (name === undefined || !/^\d+$/.test(value)) {
      return err(`"${option} ${value}" is not understood. There are --seed NUMBER and --messages NUMBER.`)
    }
    environment[name] = value
  }
  return ok({ environment, rest: args.slice(at) })
}
