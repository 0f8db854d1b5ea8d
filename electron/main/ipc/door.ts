import {
  type IpcAnswer,
  type IpcError,
  type RequestName,
  type RequestOf,
  type ResponseOf,
  requests,
} from '#shared/contract/ipc.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Result } from '#shared/kernel/result.ts'
import { type Page, pageAt } from '../windows/pages.ts'

/** Who asks, as the runtime tells it; nothing here comes from the page's own words. */
export interface Sender {
  /** The page whose window this is; undefined for any other contents. */
  readonly window: Page | undefined
  /** Address of the frame that asks. */
  readonly url: string
  readonly isMainFrame: boolean
}

export type Handler<N extends RequestName> = (
  request: RequestOf<N>,
) => Result<ResponseOf<N>> | Promise<Result<ResponseOf<N>>>

export type Handlers = { readonly [N in RequestName]: Handler<N> }

export type Door = (sender: Sender, name: unknown, request: unknown) => Promise<IpcAnswer<RequestName>>

/** The one way in: the sender, the name and the arguments are checked here, and nowhere else has to. */
export function createDoor(handlers: Handlers, log: Log): Door {
  async function answer<N extends RequestName>(
    sender: Sender,
    name: N,
    request: unknown,
  ): Promise<IpcAnswer<N>> {
    if (!maySend(sender, name)) return refuse(appError('ipc/wrong-sender', 'never', name))
    const parsed = requests[name].request.safeParse(request)
    if (!parsed.success) {
      // The path says which field; the value stays unsaid.
      const where = parsed.error.issues[0]?.path.join('.').slice(0, 100) ?? ''
      return refuse(appError('ipc/wrong-arguments', 'never', `${name} ${where}`.trim()))
    }
    try {
      const result = await handlers[name](parsed.data as RequestOf<N>)
      return result.ok ? { ok: true, value: result.value } : { ok: false, error: asData(result.error) }
    } catch (error) {
      log.error('ipc/failed', { request: name, ...bugFacts(error) })
      return { ok: false, error: { code: 'ipc/failed', retry: 'now', detail: name } }
    }
  }

  function refuse(error: AppError): { ok: false; error: IpcError } {
    log.error(error.code, { detail: error.detail })
    return { ok: false, error: asData(error) }
  }

  return (sender, name, request) =>
    isRequestName(name)
      ? answer(sender, name, request)
      : Promise.resolve(refuse(appError('ipc/unknown-request', 'never')))
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name)
}

function maySend(sender: Sender, name: RequestName): boolean {
  if (!sender.window || !sender.isMainFrame || pageAt(sender.url) !== sender.window) return false
  return (requests[name].pages as readonly Page[]).includes(sender.window)
}

function asData({ code, retry, detail, retryAfterMs }: AppError): IpcError {
  return {
    code,
    retry,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** Where a bug was thrown. Its message may quote what an adviser typed, so that it stays out of the log. */
export function bugFacts(error: unknown): { error: string; at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: '' }
  const frame = /^\s+at (.*)$/m.exec(error.stack ?? '')?.[1] ?? ''
  return { error: error.name, at: frame.replace(/(^|\()[^()]*[\\/]/, '$1').slice(0, 200) }
}
