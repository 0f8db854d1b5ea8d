import { chooseRuntime, readRuntimeName } from '#build/start/runtime.ts'

/** What the whole app runs on: what is asked for by `ADVISER_DESKTOP_RUNTIME`, else what is here. Throws when there is none. */
export async function benchRuntime() {
  const only = readRuntimeName(process.env.ADVISER_DESKTOP_RUNTIME)
  if (!only.ok) throw new Error(only.error)
  const runtime = await chooseRuntime({ only: only.value, mayInstall: false, say: console.log })
  if (!runtime.ok) throw new Error(runtime.error)
  return runtime.value
}
