import { readInteropArguments } from './interop.ts'

const read = readInteropArguments(process.argv.slice(2))
if (read.ok) {
  Object.assign(process.env, read.value.environment)
  process.argv.splice(2, process.argv.length, 'interop', ...read.value.rest)
  await import('./test.ts')
} else {
  console.error(read.error)
  process.exitCode = 1
}
