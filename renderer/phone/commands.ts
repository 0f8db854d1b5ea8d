import type { PhoneSound } from '#renderer/platform/media/sound.ts'
import type { SipPhone } from '#renderer/platform/sip/sip-phone.ts'
import { callsError } from '#shared/calls/errors.ts'
import type { Bridge } from '#shared/contract/ipc.ts'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { AgentLink } from './agent-link.ts'
import type { CallStatuses } from './call-status.ts'
import type { FlightRecorder } from './flight-recorder.ts'
import type { LostOffers } from './lost-offers.ts'
import type { ReadinessRunner } from './readiness-runner.ts'

export interface CommandParts {
  readonly bridge: Bridge
  readonly sound: Pick<PhoneSound, 'microphone' | 'choose' | 'testRinger' | 'watchLevels'>
  readonly agent: AgentLink
  readonly statuses: CallStatuses
  readonly readiness: ReadinessRunner
  readonly flights: FlightRecorder
  readonly lost: LostOffers
  phone(): SipPhone | null
  lines(): readonly Line[]
  /** Asks for a headset while the page may; false when none was granted. */
  chooseHeadset(): Promise<boolean>
  /** Keeps the choice for the next shifts. */
  keepAutoAnswer(on: boolean): void
  /** A report of a bad call is in this file. */
  reportSaved(where: NonNullable<PhoneSnapshot['lastReport']>): void
}

/**
 * Carries out what the desk asks for: commands about the telephone go to the telephone, the others to the part of the
 * phone page that answers for them.
 */
export function createCommands(parts: CommandParts): (command: PhoneCommand) => Promise<Result<null>> {
  const { bridge, sound, agent, statuses, readiness, flights, lost } = parts

  async function setRecordingPaused(lineId: string, paused: boolean): Promise<Result<null>> {
    const line = parts.lines().find(({ id }) => id === lineId)
    if (line === undefined) return err(callsError('calls/no-such-line', 'never'))
    if (line.state.name === 'ended') return err(callsError('calls/not-possible-now', 'never', 'ended'))
    return statuses.setPaused(line, paused)
  }

  async function reportBadCall(contactId: string, comment: string): Promise<Result<null>> {
    const report = flights.report(contactId, comment)
    if (report === null) return err(callsError('calls/no-such-line', 'never'))
    const saved = await bridge.invoke('calls.saveReport', { report })
    if (!saved.ok) return err(saved.error)
    parts.reportSaved({ contactId, ...saved.value })
    return ok(null)
  }

  async function connectHeadset(): Promise<Result<null>> {
    const activated = await bridge.invoke('headset.choose', {})
    if (!activated.ok) return err(activated.error)
    // Not awaited: the adviser may look at the question for long.
    void parts.chooseHeadset().catch(() => false)
    return ok(null)
  }

  function done(): Result<null> {
    return ok(null)
  }

  return async (command) => {
    switch (command.name) {
      case 'requestAgentState':
        return agent
          .request(readiness.withOverride(command.request))
          .catch(() => err(callsError('calls/phone-failed', 'now', 'records')))
      case 'checkMicrophone':
        await sound.microphone.open()
        return done()
      case 'setRecordingPaused':
        return setRecordingPaused(command.lineId, command.paused)
      case 'chooseDevices':
        sound.choose(command.choices)
        return done()
      case 'testRinger':
        sound.testRinger()
        return done()
      case 'watchLevels':
        sound.watchLevels(command.on)
        return done()
      case 'connectHeadset':
        return connectHeadset().catch(() => err(appError('ipc/no-answer', 'now', command.name)))
      case 'runReadinessCheck':
        readiness.run()
        return done()
      case 'overrideReadiness':
        return readiness.override(command.reason)
      case 'dismissLostCall':
        lost.dismiss(command.contactId)
        return done()
      case 'reportBadCall':
        return reportBadCall(command.contactId, command.comment).catch(() =>
          err(appError('ipc/no-answer', 'now', command.name)),
        )
      case 'setAutoAnswer':
        parts.keepAutoAnswer(command.on)
        return toPhone(command)
      default:
        return toPhone(command)
    }
  }

  async function toPhone(command: Parameters<SipPhone['execute']>[0]): Promise<Result<null>> {
    return parts.phone()?.execute(command) ?? err(callsError('calls/signed-out', 'never'))
  }
}
