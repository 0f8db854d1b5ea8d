import type { AgentStateRequest } from '#shared/contract/rest.ts'
import { type CodeAndLabel, reasonWords, type Standing } from './words.ts'

export interface StateChoice {
  readonly id: string
  readonly label: string
  readonly detail?: string
  readonly disabled?: boolean
  readonly request: AgentStateRequest
}

export interface StateChoiceGroup {
  readonly heading: string
  readonly choices: readonly StateChoice[]
}

const doNotDisturb = 'do-not-disturb'

/** What the adviser may ask the backend for, in the state it last told. */
export function stateChoices(
  standing: Standing | null,
  reasons: readonly (CodeAndLabel & { readonly limitMinutes?: number | undefined })[],
): readonly StateChoiceGroup[] {
  const agent = standing?.agent ?? null
  const busy = agent !== null && (agent.state.name === 'on-call' || agent.state.name === 'ringing')
  const blocked = (standing?.readinessProblems.length ?? 1) > 0
  const pending = agent?.pending ?? null
  const withDisturb = reasons.some(({ code }) => code === doNotDisturb)
    ? reasons
    : [...reasons, { code: doNotDisturb, label: 'Do not disturb: no direct calls either' }]
  return [
    {
      heading: busy ? 'After this call' : 'Take calls',
      choices: [
        {
          id: 'ready',
          label: 'Ready',
          ...(pending?.name === 'not-ready'
            ? { detail: `instead of ${reasonWords(pending.reason, reasons)}` }
            : {}),
          ...(blocked ? { detail: 'not possible yet', disabled: true } : {}),
          request: { name: 'ready' },
        },
        ...(agent?.state.name === 'wrap-up'
          ? [60, 300].map(
              (seconds): StateChoice => ({
                id: `extend-${seconds}`,
                label: seconds === 60 ? 'One more minute of wrap-up' : 'Five more minutes of wrap-up',
                request: { name: 'wrap-up', extendSeconds: seconds },
              }),
            )
          : []),
      ],
    },
    {
      heading: busy ? 'After this call, not ready' : 'Not ready',
      choices: withDisturb.map((reason) => ({
        id: `reason-${reason.code}`,
        label: reason.label,
        ...detailOf(reason, pending),
        request: { name: 'not-ready', reason: reason.code },
      })),
    },
  ]
}

function detailOf(
  reason: CodeAndLabel & { readonly limitMinutes?: number | undefined },
  pending: AgentStateRequest | null,
): { detail?: string } {
  if (pending?.name === 'not-ready' && pending.reason === reason.code) return { detail: 'asked for' }
  return reason.limitMinutes === undefined ? {} : { detail: `up to ${reason.limitMinutes} min` }
}
