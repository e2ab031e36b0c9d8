import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { CheckOf, Look } from '../look.ts'
import { bad, type Finding, well } from '../model.ts'
import { askNfs, exportsOf } from '../nfs-client.ts'
import { whyNot } from './network.ts'

const limitMs = 5_000
const nfsPort = 2049
const portmapperPort = 111

const isBelow = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)

/** The storage machine speaks NFS 4 and, when it tells, exports the folder. Asked from here, without rights of any kind. */
export async function nfs(look: Look, check: CheckOf<'nfs'>): Promise<Finding> {
  const [host, path] = await Promise.all([look.setting(check.host), look.setting(check.path)])
  if (!host || !path) return bad(`${host ? check.path : check.host} is not set.`)
  const address = await lookup(host, 4).then(
    (found) => found.address,
    (error: Error) => error,
  )
  if (address instanceof Error) return bad(`${host}: ${whyNot(address)}.`)
  const error = await askNfs(address, nfsPort, limitMs).catch((reason: Error) => reason)
  if (error instanceof Error) return bad(`No NFS server answers at ${host} (${address}:${nfsPort}): ${whyNot(error)}.`)
  const exported = await exportsOf(address, portmapperPort, limitMs)
  if (exported && !exported.some((folder) => isBelow(path, folder)))
    return bad(`${host} does not export ${path}, only ${exported.join(', ') || 'nothing'}.`)
  const known = exported ? ` and exports ${path}` : '; it does not tell which folders it exports'
  const byName = isIP(host) ? '' : ' The machines of the cluster must know this name too.'
  return well(`${host} answers${known}.${byName}`)
}
