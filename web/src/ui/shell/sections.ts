import { shell } from '../../strings/shell.ts'
import type { IconName } from '../icon.tsx'

/** A page one can go to from everywhere. */
export interface Place {
  path: string
  title: string
  icon: IconName
}

const { places } = shell

/** Pages of an instance; `path` is below `/instances/<name>`. Those a person opens most come first. */
export const instancePlaces: readonly Place[] = [
  { path: '', title: places.overview, icon: 'overview' },
  { path: '/apps', title: places.apps, icon: 'apps' },
  { path: '/services', title: places.services, icon: 'services' },
  { path: '/nodes', title: places.nodes, icon: 'nodes' },
  { path: '/cluster', title: places.cluster, icon: 'cluster' },
  { path: '/backups', title: places.backups, icon: 'backups' },
  { path: '/image', title: places.image, icon: 'disk' },
  { path: '/config', title: places.config, icon: 'config' },
  { path: '/secrets', title: places.secrets, icon: 'secrets' },
  { path: '/templates', title: places.templates, icon: 'templates' },
]

/** Pages of the daemon and the device it runs on. */
export const devicePlaces: readonly Place[] = [
  { path: '/operations', title: places.operations, icon: 'operations' },
  { path: '/dns', title: places.dns, icon: 'dns' },
  { path: '/pxe', title: places.pxe, icon: 'pxe' },
  { path: '/system', title: places.system, icon: 'system' },
  { path: '/help', title: places.help, icon: 'help' },
]

/** Address of a page of an instance. */
export function placeOf(instance: string, path: string): string {
  return `/instances/${instance}${path}`
}
