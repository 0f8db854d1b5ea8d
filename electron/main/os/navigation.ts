import type { App } from 'electron'
import type { Log } from '#shared/kernel/log.ts'
import { mayNavigate } from './navigation-rules.ts'

/** Contents of every kind, whoever makes them: no other page, no new window, no embedded one. */
export function restrictNavigation(app: App, log: Log): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => {
      log.info('navigation/refused', { what: 'window' })
      return { action: 'deny' }
    })
    contents.on('will-navigate', (event, url) => {
      if (mayNavigate(contents.getURL(), url)) return
      log.info('navigation/refused', { what: 'page' })
      event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => {
      log.info('navigation/refused', { what: 'webview' })
      event.preventDefault()
    })
  })
}
