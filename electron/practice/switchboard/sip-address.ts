/* What a proxy reads inside header values: URIs, addresses, Via (RFC 3261 §19.1, §20.10, §20.42). */

export type SipParams = Readonly<Record<string, string | true>>

export interface SipUri {
  readonly scheme: 'sip' | 'sips' | 'tel'
  /** Empty when there is none; for `tel:` the number. */
  readonly user: string
  /** Lower case; empty for `tel:`. */
  readonly host: string
  readonly port: number | null
  readonly params: SipParams
}

export interface SipAddress {
  readonly displayName: string
  readonly uri: string
  readonly params: SipParams
}

export interface Via {
  /** Host and port as given, lower case: the name of the hop. */
  readonly sentBy: string
  readonly branch: string
}

export function parseUri(text: string): SipUri | null {
  const [, scheme = '', rest = ''] = /^(sips?|tel):(.+)$/is.exec(text) ?? []
  if (rest === '' || /[\s<>"]/.test(rest)) return null
  if (scheme.toLowerCase() === 'tel') {
    const [number = '', ...params] = rest.split(';')
    const user = number.replace(/[-.()]/g, '')
    return { scheme: 'tel', user, host: '', port: null, params: parseParams(params.join(';')) }
  }
  const withoutHeaders = rest.split('?')[0] ?? ''
  const at = withoutHeaders.lastIndexOf('@')
  const user = at < 0 ? '' : decoded(withoutHeaders.slice(0, at).split(':')[0] ?? '')
  const [hostPort = '', ...params] = withoutHeaders.slice(at + 1).split(';')
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(hostPort) ?? []
  if (host === undefined || user === null) return null
  return {
    scheme: scheme.toLowerCase() === 'sips' ? 'sips' : 'sip',
    user,
    host: host.toLowerCase(),
    port: port === undefined ? null : Number(port),
    params: parseParams(params.join(';')),
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Of From, To, Contact, Route, Record-Route. */
export function parseAddress(value: string): SipAddress | null {
  const [, quoted, plain = '', bracketed, after = ''] =
    /^(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^<>]*)>\s*(.*)$/s.exec(value) ?? []
  if (bracketed !== undefined) {
    const displayName = quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/g, '$1')
    return { displayName, uri: bracketed.trim(), params: parseParams(after.replace(/^;/, '')) }
  }
  if (/[<>"]/.test(value)) return null
  // Without angle brackets, parameters belong to the header (§20.10).
  const [uri = '', ...params] = value.split(';')
  return uri.trim() === ''
    ? null
    : { displayName: '', uri: uri.trim(), params: parseParams(params.join(';')) }
}

export function parseVia(value: string): Via | null {
  const [, sentBy = '', params = ''] =
    /^SIP\s*\/\s*2\.0\s*\/\s*\w+\s+([^\s;]+)\s*(?:;(.*))?$/is.exec(value) ?? []
  const { branch } = parseParams(params)
  if (sentBy === '' || typeof branch !== 'string' || branch === '') return null
  return { sentBy: sentBy.toLowerCase(), branch }
}

/** Names in lower case; a parameter without a value is `true`. */
export function parseParams(text: string): SipParams {
  const params: Record<string, string | true> = Object.create(null)
  for (const part of text.match(/(?:[^;"]|"(?:[^"\\]|\\.)*")+/g) ?? []) {
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
    const value = equals < 0 ? true : part.slice(equals + 1).trim()
    if (name !== '') params[name] = typeof value === 'string' ? value.replace(/^"(.*)"$/s, '$1') : true
  }
  return params
}

export function tagOf(value: string | undefined): string | null {
  const tag = parseAddress(value ?? '')?.params.tag
  return typeof tag === 'string' ? tag : null
}
