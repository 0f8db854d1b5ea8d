import { namesOfAnswers } from './compile.ts'
import { parseFeel } from './feel.ts'
import { type Finding, finding } from './finding.ts'
import type { FlatStep, ScriptDocument } from './format.ts'
import type { ScriptGraph } from './graph.ts'

/*
 * A payment is enclosed by its pay step: the recording is paused while that step is open and goes on when it is
 * answered. So the step leads to nothing but the question how the payment went, which only follows a pay step and
 * whose answer decides where the call goes on; and no words take a payment at the desk.
 */

export function checkPay(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  const before = sourcesOf(graph)
  const results = new Set<string>()
  const deciding = decidingAnswers(script)
  const found: Finding[] = []
  for (const [id, step] of Object.entries(script.steps)) {
    if (step.kind !== 'pay') continue
    for (const target of graph.written.get(id) ?? []) {
      if (asksHowItWent(script.steps[target]) && deciding.has(target)) results.add(target)
      else
        found.push(
          finding(
            id,
            `The pay step leads to ${target}, which does not ask whether the payment went through.`,
            'Lead it to a question whose answer a route depends on, or include the part payment.',
          ),
        )
    }
  }
  for (const result of results) {
    for (const source of before.get(result) ?? []) {
      if (script.steps[source]?.kind === 'pay') continue
      found.push(
        finding(
          source,
          `The step leads to ${result}, which asks how a payment went, without one being handed over.`,
          'Lead it to the pay step.',
        ),
      )
    }
  }
  return [...found, ...paymentsInWords(script)]
}

/** A person answers it, and must answer it. */
function asksHowItWent(step: FlatStep | undefined): boolean {
  if (step?.kind !== 'ask' || step.derive !== undefined || step.optional === true) return false
  return step.input === 'choice' || step.input === 'yesNo'
}

/** Answers that some route depends on. */
function decidingAnswers(script: ScriptDocument): ReadonlySet<string> {
  const names = namesOfAnswers(script.steps)
  const conditions = Object.values(script.steps).flatMap((step) =>
    'routes' in step ? (step.routes ?? []).map(({ when }) => parseFeel(when, names)) : [],
  )
  return new Set(conditions.flatMap((parsed) => (parsed.ok ? parsed.value.names : [])))
}

function sourcesOf(graph: ScriptGraph): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>()
  for (const [id, targets] of graph.written) {
    for (const target of targets) sources.set(target, [...(sources.get(target) ?? []), id])
  }
  return sources
}

/** Words of the adviser taking money on the call itself, in English and Welsh. */
const takingPayment = [
  /\b(I|we) (can |will |could |'ll )?(now )?(take|collect|process|put through) (a|the|your|that|this|it|any)? ?(card )?payment/i,
  /\b(shall|can|may|could) (I|we) (take|collect|process|put through) (a|the|your|that|this|any) (card )?payment/i,
  /\bpay (me|us) (now|over the (phone|telephone)|on this call|by card)\b/i,
  /\bpay (with|by|using) (a|your) (debit |credit )?card (now|with me|over|on this call)/i,
  /\b(give|tell|read) me your (debit|credit|bank) card\b/i,
  /\b(debit|credit) card (now|please|handy|ready|to hand)\b/i,
  /\b(cymryd|derbyn) (y |eich |'r )?taliad\b/i,
  /\btalu (i mi|i fi|â cherdyn) (nawr|ar y ffôn)\b/i,
]

function paymentsInWords(script: ScriptDocument): readonly Finding[] {
  return Object.keys(script.steps).flatMap((id) => {
    const { say: en, options, promises } = script.wording.en[id] ?? {}
    const cy = script.wording.cy[id]
    const aloud = [en, cy?.say, ...[options, cy?.options].flatMap((each) => Object.values(each ?? {}))]
    const texts = [...aloud, ...(promises ?? []), ...(cy?.promises ?? [])].filter(
      (text) => text !== undefined,
    )
    const said = texts.find((text) => takingPayment.some((pattern) => pattern.test(text)))
    if (said === undefined) return []
    return [
      finding(
        id,
        'The words take a payment at the desk, where the recording goes on.',
        'Ask whether they would like to pay, and lead to a pay step, which hands the payment over.',
      ),
    ]
  })
}
