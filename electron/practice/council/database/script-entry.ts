import { sql } from 'kysely'
import type { ScriptEntry } from '#shared/contract/rest.ts'

/** A row of `script` as the contract's entry; which row it is, is for whoever selects it. */
export const scriptEntryJson = sql<ScriptEntry>`json_strip_nulls(json_build_object(
  'id', script.id, 'version', script.version, 'title', script.title, 'serviceCode', script.service_code,
  'withdrawn', script.withdrawn, 'serviceName', script.service_name, 'aliases', script.aliases,
  'subjects', script.subjects,
  'withdrawnVersions', (
    select json_agg(json_build_object('version', gone.version, 'at', coalesce(gone.withdrawn_at, gone.published_at),
      'why', coalesce(gone.withdrawn_why, '')) order by gone.version desc)
    from script gone where gone.id = script.id and gone.withdrawn
  )
))`
