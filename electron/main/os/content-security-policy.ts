import type { Config } from '#shared/contract/config.ts'

/** What pages may connect to: in practice this computer, in live mode the council and its switchboard. */
export function connectSources(config: Config): string[] {
  if (config.mode === 'practice') return ['http://127.0.0.1:*', 'ws://127.0.0.1:*']
  const council = new URL(config.council.url)
  // The switchboard's addresses come with the profile, so that any encrypted one is allowed; a plain one only on
  // the host of a council that is itself asked without encryption, as on a test bench.
  const sip = council.protocol === 'http:' ? ['wss:', `ws://${council.hostname}:*`] : ['wss:']
  return [council.origin, ...sip]
}

/** Goes with every response of ours, the workers' scripts included. Nothing inline, no eval, no other origin. */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "frame-src 'none'",
    "object-src 'none'",
    // Text becomes neither script nor mark-up; the one rule is renderer/platform/bridge/own-scripts.ts.
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')
}

export function securityHeaders(policy: string): Record<string, string> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }
}
