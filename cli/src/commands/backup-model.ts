import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'

export interface Part {
  name: string
  kind: string
  source?: string | null
  bytes: number
  rows?: number | null
  files?: number | null
}

export interface Backup {
  id: string
  kind: string
  instance?: string | null
  app?: string | null
  app_version?: string | null
  created_at: string
  reason?: string | null
  whole: boolean
  bytes: number
  parts: Part[]
}

/** Where backups of an instance, or with `--device` of the device, are asked for. */
export async function placeOf(session: Session, device: boolean | undefined): Promise<string> {
  return device ? '/backups' : route`/instances/${await session.instance()}/backups`
}
