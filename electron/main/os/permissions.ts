import type { Session } from 'electron'
import type { Log } from '#shared/kernel/log.ts'
import { pageAt } from '../windows/pages.ts'
import { isPermitted } from './permission-rules.ts'

export function restrictPermissions(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const mediaTypes = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    const isAllowed = isPermitted({ permission, origin: details.requestingUrl, mediaTypes })
    if (!isAllowed) log.info('permission/denied', { permission })
    answer(isAllowed)
  })
  session.setPermissionCheckHandler((contents, permission, requestingOrigin, details) =>
    isPermitted({
      permission,
      origin: requestingOrigin || details.requestingUrl || '',
      mediaTypes: details.mediaType ? [details.mediaType] : [],
      page: contents ? pageAt(contents.getURL()) : undefined,
    }),
  )
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => {
    log.info('permission/denied', { permission: 'download' })
    event.preventDefault()
  })
}
