import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { Alert } from '#shared/contract/rest.ts'
import type { Result } from '#shared/kernel/result.ts'

/**
 * What the service last said of alerts, for desks that were not there to hear it. In memory alone: the service tells
 * again of all that nobody has taken up whenever its events are listened to.
 */
export class AlertBoard {
  readonly #api: Pick<CouncilApi, 'alert' | 'acknowledgeAlert'>
  readonly #tell: (alert: Alert) => void
  readonly #alerts = new Map<string, Alert>()

  constructor(api: Pick<CouncilApi, 'alert' | 'acknowledgeAlert'>, tell: (alert: Alert) => void) {
    this.#api = api
    this.#tell = tell
  }

  heardSoFar(): readonly Alert[] {
    return [...this.#alerts.values()]
  }

  heard(alert: Alert): void {
    // Once taken up it stays so: whatever says otherwise was on its way before.
    if (this.#alerts.get(alert.id)?.acknowledgedAt != null && alert.acknowledgedAt === null) return
    this.#alerts.set(alert.id, alert)
    this.#tell(alert)
  }

  /** What was taken up while nobody listened is not told by itself. */
  async askAgain(): Promise<void> {
    const waiting = this.heardSoFar().filter(({ acknowledgedAt }) => acknowledgedAt === null)
    await Promise.all(
      waiting.map(async ({ id }) => {
        const answer = await this.#api.alert(id)
        if (answer.ok) this.heard(answer.value)
      }),
    )
  }

  async acknowledge(alertId: string): Promise<Result<Alert>> {
    const answer = await this.#api.acknowledgeAlert(alertId)
    if (answer.ok) this.heard(answer.value)
    return answer
  }
}
