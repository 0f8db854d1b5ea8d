import type { IncomingMessage } from 'node:http'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Me } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { CallsPort } from '../../switchboard/ports.ts'
import type { AgentStates } from '../agent-states.ts'
import type { Alerts } from '../alerts.ts'
import type { Attachments } from '../attachments.ts'
import type { CallRecords } from '../calls.ts'
import type { Db } from '../database/schema.ts'
import type { DirectoryService } from '../directory.ts'
import type { Notices } from '../notices.ts'
import type { ReadAudit } from '../read-audit.ts'
import type { ScriptDrafts } from '../script-drafts.ts'
import type { ScriptVersions } from '../script-versions.ts'
import type { Scripts } from '../scripts.ts'
import type { Sessions, SignedIn } from '../sessions.ts'
import type { Wipes } from '../wipes.ts'

export interface Variables {
  signedIn: SignedIn
}

export interface Environment {
  Variables: Variables
  /** Node's own request; not there when the service is asked without a network. */
  Bindings: { incoming?: IncomingMessage }
}

export type CouncilApp = OpenAPIHono<Environment>

/** What the routes work with. */
export interface Services {
  readonly db: Db
  readonly databaseId: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly sessions: Sessions
  readonly agents: AgentStates
  readonly alerts: Alerts
  readonly scripts: Scripts
  readonly scriptDrafts: ScriptDrafts
  readonly scriptVersions: ScriptVersions
  readonly calls: CallsPort
  readonly callRecords: CallRecords
  readonly directory: DirectoryService
  /** Holds a sound file for each queue, named by the queue's id; null when there are none. */
  readonly whispersFolder: string | null
  readonly notices: Notices
  readonly readAudit: ReadAudit
  readonly wipes: Wipes
  readonly attachments: Attachments
  me(signedIn: SignedIn): Me
  readonly notReadyReasons: readonly string[]
}
