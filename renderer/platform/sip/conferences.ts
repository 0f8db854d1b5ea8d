import { callsError } from '#shared/calls/errors.ts'
import { isLive, isUp } from '#shared/calls/line.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { type ConferenceMixer, createConferenceMixer } from '../media/conference-mixer.ts'
import type { SipLine } from './line.ts'
import type { LiveLines } from './live-lines.ts'
import type { PhoneMedia } from './phone-media.ts'

type Done = Promise<Result<null>>

/** Lines that hear each other. There is one conference at a time, for there is one adviser. */
export interface Conferences {
  /** Joins lines that are up; those of a conference under way are added to. Resumes the held ones. */
  merge(lineIds: readonly string[]): Done
  /** Ends the conference and holds everyone but one. */
  split(kept: SipLine): Done
  /** The line and whoever is joined with it. */
  with(line: SipLine): SipLine[]
  /** To be called after every change: who has ended leaves, and one left alone is a call as any other. */
  follow(): void
}

interface Conference {
  readonly id: string
  readonly mixer: ConferenceMixer
  readonly members: Set<SipLine>
}

export function createConferences(lines: LiveLines, media: PhoneMedia, random: Random): Conferences {
  let conference: Conference | null = null

  media.onVoiceChanged(() => {
    const track = conference === null ? null : media.voiceTrack()
    if (track !== null) conference?.mixer.setVoice(track)
  })

  function begin(): Conference {
    const mixer = createConferenceMixer()
    mixer.setVoice(media.voiceTrack())
    return { id: random.uuid(), mixer, members: new Set() }
  }

  async function takeIn(newcomers: readonly SipLine[], into: Conference): Promise<void> {
    const tracks = newcomers.map((line) => {
      const remote = line.remoteVoice()
      into.members.add(line)
      return remote === null ? null : into.mixer.add(line.line().id, remote)
    })
    // From here on changes are followed, so everyone must be in.
    conference = into
    await Promise.all(
      newcomers.map((line, index) => {
        const track = tracks[index] ?? null
        const { id } = line.line()
        const silence = (on: boolean) => into.mixer.silence(id, on)
        return track === null ? null : line.join({ id: into.id, voice: { track, silence } })
      }),
    )
  }

  function dissolve(): void {
    const over = conference
    conference = null
    if (over === null) return
    for (const line of over.members) void line.join(null)
    over.mixer.close()
  }

  const joined = (line: SipLine) => conference?.members.has(line) === true
  const muted = (line: SipLine) => line.line().muted

  return {
    async merge(lineIds) {
      const chosen = lineIds.map(lines.find).filter((line) => line !== undefined)
      if (chosen.length < lineIds.length) return err(callsError('calls/no-such-line', 'never'))
      const wanted = [...new Set(conference === null ? chosen : [...conference.members, ...chosen])]
      const unfit = wanted.find((line) => !isUp(line.line()) || line.remoteVoice() === null)
      if (unfit !== undefined)
        return err(callsError('calls/not-possible-now', 'never', unfit.line().state.name))
      if (wanted.length < 2) return err(callsError('calls/not-possible-now', 'never', 'alone'))
      lines.speakOnlyOn(wanted)
      const resumed = await Promise.all(wanted.map((line) => line.resume()))
      const refused = resumed.find((each) => !each.ok)
      if (refused !== undefined) {
        const spoken = conference === null ? [] : [...conference.members]
        lines.speakOnlyOn(
          spoken.length > 0 ? spoken : wanted.filter((_, index) => resumed[index]?.ok).slice(0, 1),
        )
        return refused
      }
      const into = conference ?? begin()
      const mute = wanted.some(muted)
      into.mixer.muteAdviser(mute)
      for (const line of wanted) if (mute !== muted(line)) await line.setMuted(mute)
      await takeIn(
        wanted.filter((line) => !into.members.has(line)),
        into,
      )
      return ok(null)
    },
    async split(kept) {
      if (!joined(kept)) return err(callsError('calls/not-possible-now', 'never', 'alone'))
      dissolve()
      lines.speakOnlyOn([kept])
      return isUp(kept.line()) ? kept.resume() : ok(null)
    },
    with: (line) => (conference !== null && joined(line) ? [...conference.members] : [line]),
    follow() {
      if (conference === null) return
      for (const line of conference.members) {
        if (isLive(line.line())) continue
        conference.members.delete(line)
        conference.mixer.remove(line.line().id)
      }
      if (conference.members.size < 2) dissolve()
      else conference.mixer.muteAdviser([...conference.members].some(muted))
    },
  }
}
