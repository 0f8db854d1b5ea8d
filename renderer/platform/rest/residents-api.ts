import type { CouncilApi } from '#shared/cases/council-api.ts'
import { duplicatesAnswer, mergePreview, searchAnswer } from '#shared/contract/rest.ts'
import { ok } from '#shared/kernel/result.ts'
import type { Call, Wire } from './wire.ts'

type ResidentsApi = Pick<CouncilApi, 'search' | 'duplicates' | 'mergePreview' | 'sendViews'>

/** Residents beyond what the desk holds, and who looked at what. */
export function createResidentsApi({ ask, send, refusal }: Wire): ResidentsApi {
  return {
    search: (text) =>
      ask({ method: 'GET', path: `/v1/search?${new URLSearchParams({ q: text })}` }, searchAnswer),
    duplicates: async (request) => {
      const call: Call = { method: 'POST', path: '/v1/residents/duplicates', body: request }
      const answer = await ask(call, duplicatesAnswer)
      return answer.ok ? ok(answer.value.candidates) : answer
    },
    mergePreview: (keptId, goneId) => {
      const query = new URLSearchParams({ goneId })
      const path = `/v1/residents/${encodeURIComponent(keptId)}/merge-preview?${query}`
      return ask({ method: 'GET', path }, mergePreview)
    },
    sendViews: (views) => {
      const call: Call = { method: 'POST', path: '/v1/views', body: { views } }
      return send<null>(call, async (response) =>
        response.status === 204 ? ok(null) : refusal(call, response),
      )
    },
  }
}
