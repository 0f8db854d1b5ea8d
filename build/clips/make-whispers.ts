import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queues } from '#electron/practice/council/seed/practice-council.ts'

/*
 * Makes what is whispered to an adviser before a queue's call begins, the queue's name, with espeak-ng and sox (Debian
 * packages):
 *
 *   node build/clips/make-whispers.ts
 *
 * 16 kHz and 16 bits, which every browser decodes: nobody on the telephone hears these. Quieter than a caller, because
 * they come without warning.
 */

const folder = join(import.meta.dirname, '../../electron/practice/residents/clips/whispers')
const workshop = mkdtempSync(join(tmpdir(), 'whispers-'))
const trimSilence = ['silence', '1', '0.02', '0.5%']
const peakDb = '-9'

try {
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) rmSync(join(folder, file))
  for (const { id, name } of queues) {
    const spoken = join(workshop, 'spoken.wav')
    execFileSync('espeak-ng', ['-v', 'en-gb', '-s', '170', '-w', spoken, name])
    const trim = [...trimSilence, 'reverse', ...trimSilence, 'reverse', 'pad', '0.02', '0.06']
    // Without dither two runs give the same bytes.
    const output = ['-r', '16000', '-c', '1', '-b', '16', join(folder, `${id}.wav`)]
    execFileSync('sox', ['-D', spoken, ...output, 'gain', '-6', ...trim, 'norm', peakDb])
  }
  console.log(`${queues.length} whispers in electron/practice/residents/clips/whispers`)
} finally {
  rmSync(workshop, { recursive: true, force: true })
}
