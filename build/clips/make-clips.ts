import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clipFile, speech, type Voice } from '#shared/practice/speech.ts'

/*
 * Makes the residents' speech clips from shared/practice/speech.ts with espeak-ng and sox (Debian packages):
 *
 *   node build/clips/make-clips.ts
 *
 * 8 kHz µ-law as telephones speak it, band limited like a telephone line, trimmed, and levelled so that all
 * residents are equally loud with headroom. Clips that no text asks for any more are removed.
 */

const folder = join(import.meta.dirname, '../../electron/practice/residents/clips')
const workshop = mkdtempSync(join(tmpdir(), 'clips-'))

/** Loudest sample of each clip. */
const peakDb = '-3'
/** Squeezes the difference of loud and soft, so that equal peaks mean equal loudness. */
const compander = ['compand', '0.005,0.1', '6:-70,-50,-34,-20,-14,-6,-8', '0', '-90', '0.02']
const trimSilence = ['silence', '1', '0.02', '0.5%']

try {
  mkdirSync(folder, { recursive: true })
  const wanted = new Set<string>()
  for (const [speaker, voice] of Object.entries<Voice>(speech)) {
    for (const [line, text] of Object.entries(voice.lines)) {
      const file = clipFile(speaker, line)
      make(voice, text, join(folder, file))
      wanted.add(file)
    }
  }
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.wav') && !wanted.has(file)) rmSync(join(folder, file))
  }
  console.log(`${wanted.size} clips in electron/practice/residents/clips`)
} finally {
  rmSync(workshop, { recursive: true, force: true })
}

function make({ espeak, wordsPerMinute, pitch }: Voice, text: string, target: string): void {
  const spoken = join(workshop, 'spoken.wav')
  execFileSync('espeak-ng', ['-v', espeak, '-s', `${wordsPerMinute}`, '-p', `${pitch}`, '-w', spoken, text])
  const shape = ['gain', '-6', 'highpass', '200', 'lowpass', '3500', ...compander]
  const trim = [...trimSilence, 'reverse', ...trimSilence, 'reverse', 'pad', '0.02', '0.06']
  const output = ['-r', '8000', '-c', '1', '-e', 'u-law', target]
  // Without dither two runs give the same bytes.
  execFileSync('sox', ['-D', spoken, ...output, ...shape, ...trim, 'norm', peakDb])
}
